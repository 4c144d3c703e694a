/** Figures of a reader, or of a rule, are at most about this old, milliseconds. */
const FRESH_MS = 1000;
/** A reader is taken to come back for this long. */
const READER_MS = 10_000;
/** How often is measured while nobody asks: what CPU time the next reader's share is taken of. */
const SELDOM_MS = 10_000;
/** What is younger than this need not be measured anew, however the timers fall. */
const YOUNG_MS = 500;

/** Decides when the processes and the accept queues are measured, so that who wants figures has fresh ones. */
export interface Freshness {
  /** To be called once a second. */
  readonly look: () => void;
  /** Somebody wants the figures now, and is taken to want them again. */
  readonly wanted: () => void;
  /** Something has happened after which the figures are others. */
  readonly anew: () => void;
}

/**
 * Measuring 64 processes takes the master longer than all else that it does in a second at rest. So
 * it is done every second only where a rule looks at the figures, `always`, or while somebody reads;
 * who reads after a while gets figures that are made at once.
 */
export function createFreshness(
  measure: () => void,
  always: () => boolean,
  now: () => number,
): Freshness {
  let measuredAt = -Infinity;
  let wantedAt = -Infinity;
  const anew = (): void => {
    measuredAt = now();
    measure();
  };
  return {
    anew,
    look() {
      const isRead = always() || now() - wantedAt < READER_MS;
      if (now() - measuredAt >= (isRead ? YOUNG_MS : SELDOM_MS)) anew();
    },
    wanted() {
      wantedAt = now();
      if (wantedAt - measuredAt > FRESH_MS) anew();
    },
  };
}
