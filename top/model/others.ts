import { type Block, columnsHeight } from './block.js';
import { emperorBlocks } from './emperor-blocks.js';
import { geometry } from './geometry.js';
import { documentTime } from './currency.js';
import { type Model } from './model.js';
import { otherBlocks } from './other-blocks.js';
import { routerBlocks } from './router-blocks.js';
import type { Move } from './table-state.js';

/** Everything that the shown document has besides its workers, filtered away or not. */
function allBlocks(model: Model): Block[] {
  const document = model.shown?.document;
  if (document === undefined) return [];
  const time = documentTime(model);
  switch (document.kind) {
    case 'emperor':
      return emperorBlocks(document.emperor, time);
    case 'router':
      return routerBlocks(document.router, time);
    case 'instance':
      return otherBlocks(document.instance, time, model.width);
  }
}

/** The blocks with the lines that pass the filter; those without any are left out. */
export function shownOthers(model: Model): Block[] {
  const words = model.others.filter.text.toLowerCase().split(' ').filter(Boolean);
  if (words.length === 0) return allBlocks(model);
  return allBlocks(model).flatMap((block) => {
    const rows = block.rows.filter(({ label, text }) => {
      const line = `${block.title} ${label} ${text}`.toLowerCase();
      return words.every((word) => line.includes(word));
    });
    return rows.length === 0 ? [] : [{ ...block, rows }];
  });
}

const lines = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, { rows }) => sum + rows.length, 0);

/** How many lines pass the filter, and how many there are. */
export function countOthers(model: Model): { readonly found: number; readonly total: number } {
  return { found: lines(shownOthers(model)), total: lines(allBlocks(model)) };
}

/** How many lines can be in sight. */
export function otherRows({ width, height }: Pick<Model, 'width' | 'height'>): number {
  const { tier, header, rows } = geometry(width, height, true);
  return tier === 'tiny' ? Math.max(0, header - 1) : rows + 1;
}

/** How many lines are not in sight. */
export function hiddenOthers(model: Model): number {
  return Math.max(0, columnsHeight([shownOthers(model)]) - otherRows(model));
}

/** The first line in sight. */
export function shownTop(model: Model): number {
  return Math.min(model.others.top, hiddenOthers(model));
}

/** Moves the window over the lines. */
export function movedOthers(model: Model, move: Move): Model {
  const hidden = hiddenOthers(model);
  const page = Math.max(1, otherRows(model) - 1);
  const steps = { up: -1, down: 1, 'page-up': -page, 'page-down': page };
  const wanted = move === 'first' ? 0 : move === 'last' ? hidden : shownTop(model) + steps[move];
  const top = Math.max(0, Math.min(hidden, wanted));
  return { ...model, others: { ...model.others, top } };
}
