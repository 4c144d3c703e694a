import type { Series } from '../model/series.js';
import type { Glyphs } from './glyphs.js';

/** Less of a change than this share of the greatest value is drawn as none. */
const FLAT = 0.05;

/**
 * How values changed as one line of blocks, a column for each, from the least to the greatest; null is
 * a gap. Unlike a spark it does not begin at zero: of sizes it is the change that counts. Small changes
 * look small: the lowest block and the highest are at least 5 % apart.
 * @param recycled Columns in which another process took over: there a sign stands in the block's place.
 */
export function trend(
  values: Series,
  recycled: ReadonlySet<number>,
  { ramp, recycled: sign }: Pick<Glyphs, 'ramp' | 'recycled'>,
): string {
  const known = values.filter((value) => value !== null);
  const most = Math.max(...known);
  const least = Math.min(...known);
  const range = Math.max(most - least, most * FLAT);
  return values
    .map((value, column) => {
      if (recycled.has(column)) return sign;
      if (value === null) return ' ';
      const level = range > 0 ? Math.round(((value - least) / range) * (ramp.length - 1)) : 0;
      return ramp[level] ?? ' ';
    })
    .join('');
}
