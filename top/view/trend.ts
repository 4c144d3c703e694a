import type { Glyphs } from './glyphs.js';

/** Less of a change than this share of the greatest value is drawn as none. */
const FLAT = 0.05;

/**
 * How values changed as one line of blocks, `width` columns at most: all of them, however many, from
 * the least to the greatest. Unlike a spark it does not begin at zero: of sizes it is the change that
 * counts. Small changes look small: the lowest block and the highest are at least 5 % apart.
 */
export function trend(values: readonly number[], width: number, { ramp }: Glyphs): string {
  const columns = Math.min(width, values.length);
  const means = Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const part = values.slice(from, Math.floor(((column + 1) * values.length) / columns));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const most = Math.max(...means);
  const least = Math.min(...means);
  const range = Math.max(most - least, most * FLAT);
  return means
    .map((value) => {
      const level = range > 0 ? Math.round(((value - least) / range) * (ramp.length - 1)) : 0;
      return ramp[level] ?? '';
    })
    .join('');
}
