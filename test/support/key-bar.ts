import type { Pty } from './pty.js';

/** Whether a key in the bar looks as one that has an effect: keys without one are dim. */
export function isEnabled(top: Pty, key: string): boolean {
  const y = top.rows().length - 1;
  const bar = top.rows()[y] ?? '';
  return top.cell(bar.indexOf(` ${key} `) + 1, y).fg === top.cell(bar.indexOf(' q ') + 1, y).fg;
}
