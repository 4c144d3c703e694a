import { randomBytes } from 'node:crypto';
import type { Result } from '../../shared/result.js';

/** Why there is no key to operate. */
export type KeyLack = 'read-only' | 'no-key';

/** The keys that this instance takes proofs of. */
export interface Keyring {
  /** The key in the runtime directory. */
  readonly operate: () => Buffer | KeyLack;
  /** `--stats-secret`: null where whoever can connect may read. */
  readonly read: Buffer | null;
  /** Replaces the key to operate, on disk and here; the error is one sentence. */
  rotate(): Promise<Result<null, string>>;
  /** Calls back after each such change, until the returned function is called. */
  onRotated(listener: () => void): () => void;
}

/**
 * `store` replaces the key file. Only what it has written is taken as the key from then on; one
 * change at a time.
 */
export function createKeyring(options: {
  readonly operate: Buffer | KeyLack;
  readonly read: Buffer | null;
  readonly store: (key: Buffer) => Promise<Result<null, string>>;
}): Keyring {
  let operate = options.operate;
  let last: Promise<unknown> = Promise.resolve();
  const listeners = new Set<() => void>();
  const rotateNow = async (): Promise<Result<null, string>> => {
    const key = randomBytes(32);
    const stored = await options.store(key);
    if (!stored.ok) return stored;
    operate = key;
    for (const listener of listeners) listener();
    return stored;
  };
  return {
    operate: () => operate,
    read: options.read,
    rotate() {
      const next = last.then(rotateNow);
      last = next;
      return next;
    },
    onRotated(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
