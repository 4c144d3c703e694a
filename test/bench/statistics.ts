/** The middle of some numbers; the mean of the two middle ones of an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Smallest, median and largest of some numbers, for a table. */
export function spread(values: readonly number[], digits: number): string {
  const shown = [Math.min(...values), median(values), Math.max(...values)];
  return shown.map((value) => value.toFixed(digits)).join(' / ');
}

/** First quartile, median and third quartile of some numbers, for a table. */
export function quartiles(values: readonly number[], digits: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return [0.25, 0.5, 0.75]
    .map((share) => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(digits))
    .join(' / ');
}

/** The value below which `share` (0 to 1) of some numbers lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
