import type { Redis } from 'ioredis';

/** Does something over a connection, and keeps the process alive until that has settled. */
export type During = <T>(act: () => Promise<T>) => Promise<T>;

/** What of a client keeps a process alive. */
interface Handles {
  /** Undefined before it first connects. */
  readonly stream?: Redis['stream'];
  /** Private to ioredis: until it connects anew. */
  readonly reconnectTimeout?: NodeJS.Timeout | null;
}

/**
 * A connection keeps its process alive only while something is done over it, so that a script that
 * has spooled its task ends by itself.
 */
export function whileUsed(client: Redis): During {
  const handles = client as unknown as Handles;
  let uses = 0;
  const apply = (): void => {
    const { stream, reconnectTimeout } = handles;
    const how = uses > 0 ? 'ref' : 'unref';
    // One that connects does so for somebody; one that is gone would remember it for nothing.
    if (stream !== undefined && !stream.destroyed && !stream.connecting) stream[how]();
    reconnectTimeout?.[how]();
  };
  client.on('connect', apply);
  client.on('reconnecting', apply);
  return async (act) => {
    if (++uses === 1) apply();
    try {
      return await act();
    } finally {
      if (--uses === 0) apply();
    }
  };
}
