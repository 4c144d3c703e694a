import { setTimeout as pause } from 'node:timers/promises';
import { connect, type DecodedInstance, StatsError, type StatsConnection } from '../index.js';

/** How often processes and files are looked at, milliseconds. */
const EVERY_MS = 50;

/** Looks again and again until there is something to tell; null when `deadline` has passed. */
export async function lookUntil<T>(deadline: number, look: () => T | null): Promise<T | null> {
  for (;;) {
    const found = look();
    if (found !== null) return found;
    if (performance.now() >= deadline) return null;
    await pause(EVERY_MS);
  }
}

/** What came of waiting for a document. */
export type Seen<T> =
  | { readonly kind: 'found'; readonly value: T }
  /** The server is gone, or never was; why, as a sentence. */
  | { readonly kind: 'lost'; readonly why: string }
  | { readonly kind: 'late' };

/** Reads documents until `look` has something to tell of one. */
export async function documentsUntil<T>(
  connection: StatsConnection,
  deadline: number,
  look: (instance: DecodedInstance) => T | null,
): Promise<Seen<T>> {
  const timer = setTimeout(() => {
    connection.close();
  }, deadline - performance.now());
  try {
    for await (const { instance } of connection) {
      const value = instance === null ? null : look(instance);
      if (value !== null) return { kind: 'found', value };
    }
    return { kind: 'late' };
  } catch (error) {
    if (error instanceof StatsError) return { kind: 'lost', why: error.message };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The first document of a stats server, which is not waited for. */
export async function lookOnce(address: string, deadline: number): Promise<Seen<DecodedInstance>> {
  const connection = await connect(address, { reconnect: false });
  try {
    return await documentsUntil(connection, deadline, (instance) => instance);
  } finally {
    connection.close();
  }
}

/** Settles with null when `deadline` passes first. */
export async function before<T>(deadline: number, promise: Promise<T>): Promise<T | null> {
  const given = new AbortController();
  const late = pause(Math.max(0, deadline - performance.now()), null, { signal: given.signal });
  try {
    return await Promise.race([promise, late]);
  } finally {
    given.abort();
    late.catch(() => undefined);
  }
}
