import type inspector from 'node:inspector';
import type { ProfileOrder } from '../../wire/profile-frames.js';

/**
 * Carries out one order through a session with the main thread, and gives what was found out in
 * lines, or nothing where the file says it all. Rejects with one sentence. `tell` says in a few
 * words how far it is.
 */
export type Recording = (
  session: inspector.Session,
  order: ProfileOrder,
  tell: (stage: string) => void,
) => Promise<string>;

/** How long the main thread gets to begin: it does at once unless it is inside native code. */
export const BEGIN_MS = 5000;
/** How long it gets to hand a profile over; native code does so only when it returns. */
export const END_MS = 20_000;

/** Calls a method of the session that answers nothing of interest. */
export function called(
  post: (settle: (error: Error | null) => void) => void,
  complaint: string,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    post((error) => {
      if (error === null) resolve();
      else reject(new Error(`${complaint}: ${error.message}`));
    });
  });
}

/** Waits until the main thread obeys at all, which it does not inside native code. */
export async function obeying(session: inspector.Session, what: string): Promise<void> {
  const obeyed = called((settle) => {
    session.post('Schema.getDomains', settle);
  }, `${what} cannot begin`);
  await within(obeyed, BEGIN_MS, `it is in native code, where no ${what} can begin`);
}

/** Waits for a result, but not for ever. */
export function within<T>(result: Promise<T>, ms: number, complaint: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      reject(new Error(complaint));
    }, ms);
    result.then(resolve, reject).finally(() => {
      clearTimeout(limit);
    });
  });
}

/** Waits for so many seconds. */
export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
