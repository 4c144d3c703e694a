/** The algorithms of `--cheaper-algo`. */
export const CHEAPER_ALGORITHMS = ['spare', 'backlog', 'busyness'] as const;

export interface CheaperSettings {
  readonly algorithm: (typeof CHEAPER_ALGORITHMS)[number];
  /** The fewest workers. */
  readonly minimum: number;
  /** Workers at the start. */
  readonly initial: number;
  /** Workers that are added at once. */
  readonly step: number;
  /** Looks in a row before something is done; for `backlog` also the length of the queue. */
  readonly overload: number;
  /** `--async`; 0 without a cap. */
  readonly async: number;
  /** Bytes that all workers together may use while one is added; 0 without a limit. */
  readonly rssLimit: number;
  readonly busyness: BusynessSettings;
}

/** `--cheaper-busyness-…`, with uWSGI's names, meanings and defaults. */
export interface BusynessSettings {
  /** Percent above which workers are added. */
  readonly max: number;
  /** Percent below which one is taken away. */
  readonly min: number;
  /** Calm cycles in a row before one is taken away. */
  readonly multiplier: number;
  /** Cycles added to that when a worker was taken away too soon. */
  readonly penalty: number;
  /** Connections in the queue at which workers are added at once. */
  readonly backlogAlert: number;
  /** How many are added then. */
  readonly backlogStep: number;
  /** Calm cycles in a row before one of those is taken away. */
  readonly backlogMultiplier: number;
  /** Seconds that the queue may be not empty before a worker is added; 0 for ever. */
  readonly backlogNonzero: number;
}
