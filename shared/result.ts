/** The outcome of something that may fail in an expected way; exceptions are for bugs. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | Failure<E>;

interface Failure<E> {
  readonly ok: false;
  readonly error: E;
}

/** Wraps a success. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Wraps an expected failure. */
export function err<E>(error: E): Failure<E> {
  return { ok: false, error };
}

/** Closes an exhaustive `switch`: reaching it at run time is a bug, and the message names the value. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}

/** The message of anything thrown, which need not be an `Error`. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** What is wrong, or null when nothing is. */
export function problemOf<E>(result: Result<unknown, E>): E | null {
  return result.ok ? null : result.error;
}
