/**
 * A latency histogram with logarithmic buckets: four to each doubling of the time, so that a
 * quantile read from it is at most 12.5 % off. Times are whole microseconds, from 0 to about 71
 * minutes; longer ones fall into the last bucket.
 */

/** How many buckets there are. */
export const BUCKETS = 124;

/**
 * The bucket of a time in microseconds. 0–3 have one bucket each; from there the index is the
 * position of the highest bit and the two bits below it.
 */
export function bucketOf(micros: number): number {
  if (!(micros >= 4)) return micros > 0 ? Math.floor(micros) : 0;
  if (micros >= 4_294_967_296) return BUCKETS - 1;
  const whole = Math.floor(micros);
  const exponent = 31 - Math.clz32(whole);
  return (exponent - 1) * 4 + ((whole >>> (exponent - 2)) & 3);
}

/** The smallest time in microseconds that falls into a bucket. */
export function lowerBound(bucket: number): number {
  if (bucket < 4) return bucket;
  const exponent = Math.floor(bucket / 4) + 1;
  return (4 + (bucket % 4)) * 2 ** (exponent - 2);
}

/** The middle of a bucket in microseconds: the value that stands for all times in it. */
export function middle(bucket: number): number {
  return MIDDLES[bucket] ?? middleOf(bucket);
}

function middleOf(bucket: number): number {
  if (bucket < 4) return bucket;
  return (lowerBound(bucket) + lowerBound(bucket + 1)) / 2;
}

const MIDDLES = Float64Array.from({ length: BUCKETS }, (_, bucket) => middleOf(bucket));

/** Sparse counts: [bucket, count], ascending, no zero counts. */
export type Buckets = readonly (readonly [number, number])[];

/** Adds two histograms; associative and commutative. */
export function merge(a: Buckets, b: Buckets): [number, number][] {
  return mergeAll([a, b]);
}

/** Adds any number of histograms. */
export function mergeAll(histograms: readonly Buckets[]): [number, number][] {
  const counts = new Map<number, number>();
  for (const histogram of histograms) {
    for (const [bucket, count] of histogram) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  }
  return [...counts].sort(([x], [y]) => x - y);
}

/**
 * What `later` has more than `earlier` had, or null when it has less anywhere (a counter was
 * reset between the two).
 */
export function since(later: Buckets, earlier: Buckets): [number, number][] | null {
  const grown: [number, number][] = [];
  const isLater = compare(later, earlier, (bucket, more) => {
    if (more > 0) grown.push([bucket, more]);
  });
  return isLater ? grown : null;
}

/** Tells by how much each bucket of `later` grew; false as soon as one has less than `earlier`. */
function compare(
  later: Buckets,
  earlier: Buckets,
  tell: (bucket: number, more: number) => void,
): boolean {
  let at = 0;
  const next = (): Buckets[number] | undefined => {
    while (earlier[at]?.[1] === 0) at++;
    return earlier[at];
  };
  for (const [bucket, count] of later) {
    const old = next();
    if (old !== undefined && old[0] < bucket) return false;
    const before = old?.[0] === bucket ? old[1] : 0;
    if (before > count) return false;
    if (before > 0) at++;
    tell(bucket, count - before);
  }
  return next() === undefined;
}

/** What a histogram has more than an earlier one: which buckets grew, and by how much. */
export interface Grown {
  readonly buckets: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/**
 * The sum of what many histograms grew by, and a quantile of what each of them did: without a list
 * for each, of which a dashboard of a thousand workers would make as many with every document.
 */
export class Growth {
  private readonly sum = new Float64Array(BUCKETS);
  /** Of the one that is being added. */
  private readonly buckets = new Uint8Array(BUCKETS);
  private readonly counts = new Float64Array(BUCKETS);
  private count = 0;
  private readonly note = (bucket: number, more: number): void => {
    if (more <= 0 || this.count === BUCKETS) return;
    this.buckets[this.count] = bucket;
    this.counts[this.count] = more;
    this.count++;
  };

  /**
   * Adds what `later` has more than `earlier`. The time below which the share `q` of that falls;
   * null when it is nothing, or when `later` has less anywhere: then nothing is added.
   */
  add(later: Buckets, earlier: Buckets, q: number): number | null {
    const grown = this.between(later, earlier);
    return grown && this.addGrown(grown, q);
  }

  /** The same of what was found by `grownBetween`. */
  addGrown({ buckets, counts }: Grown, q: number): number | null {
    const { sum } = this;
    let total = 0;
    for (let at = 0; at < counts.length; at++) {
      const bucket = buckets[at] ?? 0;
      const more = counts[at] ?? 0;
      sum[bucket] = (sum[bucket] ?? 0) + more;
      total += more;
    }
    const found = placeOf(counts, total, q);
    return found < 0 ? null : middle(buckets[found] ?? 0);
  }

  /** What `later` has more than `earlier`, to be kept; null when it has less anywhere. */
  grownBetween(later: Buckets, earlier: Buckets): Grown | null {
    const found = this.between(later, earlier);
    if (found === null) return null;
    // Lists take a third of what arrays of so few numbers take.
    return {
      buckets: Array.from(this.buckets.subarray(0, this.count)),
      counts: Array.from(found.counts),
    };
  }

  /** The same time of all that was added; null without any. */
  quantile(q: number): number | null {
    const total = this.sum.reduce((all, count) => all + count, 0);
    const found = placeOf(this.sum, total, q);
    return found < 0 ? null : middle(found);
  }

  /** Good until the next one is looked for. */
  private between(later: Buckets, earlier: Buckets): Grown | null {
    this.count = 0;
    if (!compare(later, earlier, this.note)) return null;
    return { buckets: this.buckets, counts: this.counts.subarray(0, this.count) };
  }
}

/** Where in a list of counts the share `q` of their total is reached; -1 when it is empty. */
function placeOf(counts: ArrayLike<number>, total: number, q: number): number {
  const rank = Math.max(1, Math.ceil(total * q));
  let seen = 0;
  for (let at = 0; at < counts.length; at++) {
    seen += counts[at] ?? 0;
    if (seen >= rank) return at;
  }
  return -1;
}

/** How many times a histogram holds. */
export function total(buckets: Buckets): number {
  return buckets.reduce((sum, [, count]) => sum + count, 0);
}

/** The time in microseconds below which the share `q` (0–1) of all falls; null when empty. */
export function quantile(buckets: Buckets, q: number): number | null {
  const rank = Math.max(1, Math.ceil(total(buckets) * q));
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= rank) return middle(bucket);
  }
  return null;
}
