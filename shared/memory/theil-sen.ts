/** A place that a line is laid through. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A slope, and between what bounds the true one is with 95 % confidence. */
export interface Slope {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

/** The quantile of the normal distribution for 95 %. */
const Z = 1.96;
/** Fewer places say nothing of a confidence. */
export const LEAST_PLACES = 5;

/**
 * The median of the slopes between all pairs of places (Theil–Sen): up to 29 % of them may lie
 * anywhere and the line stays, where least squares would follow a single outlier. The bounds are
 * Sen's (1968): the slopes of those ranks between which Kendall's statistic of an honest zero would
 * fall. All pairs are looked at, so places must be few. Null where there are too few.
 */
export function theilSen(places: readonly Place[]): Slope | null {
  const n = places.length;
  if (n < LEAST_PLACES) return null;
  const slopes = slopesOf(places);
  const pairs = slopes.length;
  if (pairs === 0) return null;
  const spread = Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (rank: number): number => slopes[Math.min(pairs - 1, Math.max(0, rank))] ?? 0;
  return {
    slope: (at(Math.floor((pairs - 1) / 2)) + at(Math.ceil((pairs - 1) / 2))) / 2,
    low: at(Math.floor((pairs - spread) / 2) - 1),
    high: at(Math.ceil((pairs + spread) / 2)),
  };
}

/** In ascending order; pairs without a distance have none. */
function slopesOf(places: readonly Place[]): Float64Array {
  const slopes = new Float64Array((places.length * (places.length - 1)) / 2);
  let count = 0;
  for (const [index, one] of places.entries()) {
    for (let next = index + 1; next < places.length; next++) {
      const other = places[next];
      if (other !== undefined && other.x !== one.x) {
        slopes[count++] = (other.y - one.y) / (other.x - one.x);
      }
    }
  }
  return slopes.subarray(0, count).sort();
}
