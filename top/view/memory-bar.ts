import type { MemoryLimits } from '../../shared/memory/points.js';
import type { DecodedWorker } from '../../shared/stats.js';
import { limitSize } from '../model/memory-limit.js';
import { measured } from '../model/measured.js';
import { PARTS, type Part, partsOf } from '../model/memory-parts.js';
import type { Line, StyleName } from './frame.js';
import type { Glyphs } from './glyphs.js';
import { axisTop } from './scale.js';
import { span } from './text.js';

/** What is shared is not a worker's own; the heap is what an application grows most often. */
export const PART_STYLES: Readonly<Record<Part, StyleName>> = {
  shared: 'dim',
  native: 'measure',
  external: 'notice',
  heap: 'work',
  other: 'measure',
};

/** A bar that is not full at this is not worth its columns. */
const LEAST_TOP = 16 * 1024 * 1024;
/** A limit that is further away than so many times the greatest size would make all bars short. */
const NEAR = 2;

/** What the whole width of each bar stands for: all are drawn on the same scale. */
export function barTop(workers: readonly DecodedWorker[], limits: MemoryLimits): number {
  const sizes = workers.flatMap((worker) => (worker.pid === 0 ? [] : (measured(worker.rss) ?? [])));
  const most = Math.max(0, ...sizes);
  const near = workers
    .flatMap((worker) => limitSize(worker, limits) ?? [])
    .filter((limit) => limit <= NEAR * most);
  return axisTop(Math.max(most, ...near), LEAST_TOP, 1024);
}

/** How a bar is drawn: its columns, and the bytes that all of them stand for. */
export interface BarScale {
  readonly width: number;
  readonly top: number;
  readonly limits: MemoryLimits;
}

/** The memory of a worker in its parts, and a mark where it meets its first limit. */
export function memoryBar(
  worker: DecodedWorker,
  { width, top, limits }: BarScale,
  glyphs: Glyphs,
): Line {
  const parts = partsOf(worker);
  if (parts === null) return [span(glyphs.unknown.padEnd(width), 'dim')];
  const cells: { sign: string; style: StyleName }[] = [];
  let sum = 0;
  for (const part of PARTS) {
    sum += parts[part] ?? 0;
    const end = Math.min(width, Math.round((sum / top) * width));
    while (cells.length < end) cells.push({ sign: glyphs.parts[part], style: PART_STYLES[part] });
  }
  while (cells.length < width) cells.push({ sign: ' ', style: 'normal' });
  const limit = limitSize(worker, limits);
  if (limit !== null && limit <= top) {
    const at = Math.min(width - 1, Math.round((limit / top) * width));
    cells[at] = { sign: glyphs.limit, style: 'attention' };
  }
  return runs(cells);
}

/** Neighbours in one style as one span. */
function runs(cells: readonly { readonly sign: string; readonly style: StyleName }[]): Line {
  const line: { text: string; style: StyleName }[] = [];
  for (const { sign, style } of cells) {
    const last = line.at(-1);
    if (last?.style === style) last.text += sign;
    else line.push({ text: sign, style });
  }
  return line;
}
