/** What is remembered from one look to the next. */
export interface CheaperMemory {
  /** When was looked last, monotonic milliseconds; null before the first look. */
  readonly at: number | null;
  /** The running time of each process at that look, in microseconds. */
  readonly running: readonly (readonly [pid: number, micros: number])[];
  /** Looks in a row that called for more workers. */
  readonly high: number;
  /** Looks in a row that called for fewer. */
  readonly low: number;
  readonly busyness: BusynessMemory;
  /** Whether growth is held back by the memory limit, which was said. */
  readonly held: boolean;
}

export const CHEAPER_AT_START: CheaperMemory = {
  at: null,
  running: [],
  high: 0,
  low: 0,
  busyness: { sum: 0, looks: 0, calm: 0, sinceCheaped: null, penalty: 0, emergency: 0, queued: 0 },
  held: false,
};

/** What an algorithm looks at. */
export interface Look {
  /** Workers that are wanted. */
  readonly active: number;
  /** How busy each serving worker was, 0 to 1. */
  readonly busy: readonly number[];
  /** Connections in the accept queue. */
  readonly queue: number;
  /** How many workers could be added. */
  readonly room: number;
}

/** What an algorithm says: how many workers more or less, before any limit. */
export interface Verdict {
  readonly change: number;
  readonly memory: CheaperMemory;
}

/** A cycle is `overload` looks. */
export interface BusynessMemory {
  /** Busyness summed over the looks of this cycle. */
  readonly sum: number;
  readonly looks: number;
  /** Cycles in a row below the minimum. */
  readonly calm: number;
  /** Cycles since a worker was taken away; null when that is no longer of interest. */
  readonly sinceCheaped: number | null;
  /** Cycles that are added to the multiplier now. */
  readonly penalty: number;
  /** Workers that were added because of the queue and are still there. */
  readonly emergency: number;
  /** Looks in a row with a queue. */
  readonly queued: number;
}
