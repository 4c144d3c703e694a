import { eventually } from './eventually.js';

/** Waits until a figure that grew stands still over many turns. */
export async function settled(figure: () => number): Promise<void> {
  let last = -1;
  let same = 0;
  await eventually('the figure to stand still', () => {
    same = figure() > 0 && figure() === last ? same + 1 : 0;
    last = figure();
    return same === 15;
  });
}
