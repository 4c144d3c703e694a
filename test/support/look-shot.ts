import type { Shot } from './picture.js';
import type { SeenCell } from './terminal.js';

/** A look as `lookText` names it in front of a run: `{196 bold}`, `{255 on 24 bold}`, `{}`. */
const LOOK = /\{((?:\d+)?(?: ?on \d+)?(?: ?(?:bold|underline|inverse))*)\}/;

/** The terminal that a golden with looks tells of: what `lookText` wrote, read again. */
export function shotOf(golden: string, title: string): Shot {
  const rows = golden.replace(/\n$/, '').split('\n').map(cellsOf);
  const width = Math.max(0, ...rows.map((row) => row.length));
  const blank = seenAs('')(' ');
  return {
    title,
    cells: rows.map((row) => [...row, ...Array<SeenCell>(width - row.length).fill(blank)]),
  };
}

function cellsOf(line: string): SeenCell[] {
  // Split by a pattern with a group: what stands between looks, and the looks, in turn.
  const [plain = '', ...rest] = line.split(LOOK);
  const cells = Array.from(plain, seenAs(''));
  for (let at = 0; at < rest.length; at += 2) {
    cells.push(...Array.from(rest[at + 1] ?? '', seenAs(rest[at] ?? '')));
  }
  return cells;
}

function seenAs(look: string): (character: string) => SeenCell {
  const [, fg] = /^(\d+)/.exec(look) ?? [];
  const [, bg] = /on (\d+)/.exec(look) ?? [];
  const has = (attribute: string): boolean => look.split(' ').includes(attribute);
  return (character) => ({
    character,
    fg: fg === undefined ? undefined : Number(fg),
    bg: bg === undefined ? undefined : Number(bg),
    bold: has('bold'),
    dim: false,
    underline: has('underline'),
    inverse: has('inverse'),
  });
}
