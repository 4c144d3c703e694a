/** Time as the client sees it: given from outside, so that tests own it. */
export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Runs something once after `ms` milliseconds; returns what cancels it. */
  after(ms: number, run: () => void): () => void;
}

/** The process's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Every wait of the client, in milliseconds. */
export interface Timing {
  /** How long a bare address is listened to before it is spoken to. */
  readonly sniff: number;
  /**
   * How long one poll may take. A uWSGI with --stats-http stands still for 4 s for each silent
   * reader, and answers the others only then.
   */
  readonly poll: number;
  /** How long the upgrade to `/live` and its hello may take. */
  readonly handshake: number;
  /** How often a live connection is pinged. */
  readonly ping: number;
  /** After how long without any sign of life a live connection counts as dead. */
  readonly silence: number;
  /** After how long a refused upgrade is tried again. */
  readonly upgradeAgain: number;
}

export const TIMING: Timing = {
  sniff: 250,
  poll: 6000,
  handshake: 5000,
  ping: 5000,
  silence: 15_000,
  upgradeAgain: 30_000,
};
