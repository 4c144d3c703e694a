import type { StatsDocument } from '../../shared/stats.js';
import type { Log } from '../log.js';

/** What there is to push. */
export interface PushSource {
  /** The newest document. */
  readonly document: () => StatsDocument;
  /** The same without what masters before this one counted: they have pushed that themselves. */
  readonly own: () => StatsDocument;
  /**
   * `waits`: an old master still serves, nothing is pushed. `leads`: this one serves. `leaves`: a
   * new one serves, and only what this one still counts is pushed.
   */
  readonly role: () => 'waits' | 'leads' | 'leaves';
}

/** Sends stats somewhere. */
export interface Pusher {
  /** Never rejects, and is not called again before it settles. */
  push(source: PushSource): Promise<void>;
  close(): void;
}

/** Whoever pushes tells it how that went: the first failure and the end of the trouble are logged. */
export interface Outage {
  failed(reason: string): void;
  worked(): void;
}

/** `target` is the `--stats-push` as written. */
export function outage(target: string, log: Log): Outage {
  let isFailing = false;
  return {
    failed(reason) {
      if (!isFailing) log(`stats push ${target}: ${reason}; it is tried again with each push`);
      isFailing = true;
    },
    worked() {
      if (isFailing) log(`stats push ${target}: it works again`);
      isFailing = false;
    },
  };
}
