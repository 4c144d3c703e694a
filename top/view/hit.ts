import type { Target } from '../model/target.js';
import type { Frame, Line, Panel } from './frame.js';

/** The panel that takes all clicks while it is shown, also those beside it. */
const MODAL = 'dialog';

/** What is to be seen at a place of a frame; null where nothing can be clicked. */
export function targetAt(frame: Frame, x: number, y: number): Target | null {
  const modal = frame.panels.find(({ id }) => id === MODAL);
  const panel = modal ?? frame.panels.findLast((each) => covers(each, x, y));
  if (panel?.kind !== 'text') return null;
  const edge = panel.border === undefined ? 0 : 1;
  const inside = {
    ...{ x: panel.x + edge, y: panel.y + edge },
    ...{ width: panel.width - 2 * edge, height: panel.height - 2 * edge },
  };
  if (!covers(inside, x, y)) return null;
  return targetIn(panel.lines[y - inside.y] ?? [], x - inside.x);
}

function targetIn(line: Line, column: number): Target | null {
  let end = 0;
  for (const { text, target } of line) {
    end += text.length;
    if (column < end) return target ?? null;
  }
  return null;
}

type Place = Pick<Panel, 'x' | 'y' | 'width' | 'height'>;

function covers({ x, y, width, height }: Place, column: number, row: number): boolean {
  return column >= x && column < x + width && row >= y && row < y + height;
}
