/** Steps of an axis: coarse enough to stand still, fine enough not to waste half of a chart. */
const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8] as const;

/**
 * The top of an axis for values up to `max`: the next round number, in bytes (`base` 1024) a round
 * number of the unit they are written in. It changes only when the greatest value passes a step.
 * @param least The top when all values are small, so that noise does not fill the chart.
 */
export function axisTop(max: number, least: number, base: 1000 | 1024): number {
  const wanted = Math.min(Math.max(max, least), Number.MAX_SAFE_INTEGER);
  let unit = 1;
  while (unit * base <= wanted) unit *= base;
  for (const ten of [1, 10, 100]) {
    for (const step of STEPS) {
      if (unit * ten * step >= wanted) return unit * ten * step;
    }
  }
  return unit * base;
}
