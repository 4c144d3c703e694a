import { geometry } from './geometry.js';

/** Lines of the memory view. */
export interface MemoryShares {
  /** The sums of all workers, and what bounds them. */
  readonly sums: number;
  /** Between these and the table. */
  readonly gap: number;
  /** Of the table, below its titles. */
  readonly rows: number;
  /** What the signs mean. */
  readonly legend: number;
  /** The marked worker over time, an empty line before and one for events after it included. */
  readonly panel: number;
}

/** A screen that always has the panel, and the least lines of it there and where a short table leaves some. */
const LARGE = { width: 110, height: 38, least: 12, share: 0.5 } as const;
const LEAST_PANEL = 9;
const LEAST_ROWS = 3;

/** Shares out the place of a view between header and footer, for so many workers. */
export function memoryShares(width: number, height: number, workers: number): MemoryShares {
  const { tier, gap, rows: all } = geometry(width, height, true);
  if (tier === 'tiny') return { sums: 1, gap: 0, rows: 0, legend: 0, panel: 0 };
  if (tier === 'small') return { sums: 1, gap, rows: all - 1 - gap, legend: 0, panel: 0 };
  const [sums, legend] = [2, 1];
  const room = all - sums - gap - legend;
  const panel = panelLines(width, height, room - Math.max(LEAST_ROWS, workers));
  return { sums, gap, rows: room - panel, legend, panel };
}

/** It takes what the table leaves, and on a large screen its part in any case. */
function panelLines(width: number, height: number, spare: number): number {
  const isLarge = width >= LARGE.width && height >= LARGE.height;
  const least = isLarge ? Math.max(LARGE.least, Math.floor(height * 0.28)) : LEAST_PANEL;
  if (spare < least) return isLarge ? least : 0;
  return Math.min(spare, Math.max(least, Math.floor(height * LARGE.share)));
}
