/** What ends a process, or all, for its memory: options by their names, and what V8 and the kernel set. */
export type LimitName =
  | 'reload-on-rss'
  | 'reload-on-uss'
  | 'reload-on-pss'
  | 'reload-on-heap'
  | 'heap limit'
  | 'memory-budget'
  | 'cgroup';

/** A limit, and how something goes towards it. */
export interface Limit {
  readonly name: LimitName;
  /** Null: there is none. */
  readonly bytes: number | null;
  readonly now: number | null;
  /** Bytes a second. */
  readonly slope: number | null;
}

/** Which limit is reached first if everything goes on as it does. */
export interface Reach {
  readonly limit: LimitName;
  readonly bytes: number;
  /** Seconds; 0 where it is reached already. */
  readonly inS: number;
}

/** What takes longer is nobody's business today: a year. */
const FAR_S = 365 * 86_400;

/** The limit that is reached first; null where none is, or none within a year. */
export function reachOf(limits: readonly Limit[]): Reach | null {
  const reached = limits.flatMap(({ name, bytes, now, slope }): Reach[] => {
    if (bytes === null || now === null || slope === null || slope <= 0) return [];
    const inS = Math.max(0, (bytes - now) / slope);
    return inS > FAR_S ? [] : [{ limit: name, bytes, inS }];
  });
  return reached.length === 0 ? null : reached.reduce((a, b) => (b.inS < a.inS ? b : a));
}
