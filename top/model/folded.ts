import { sanitizeShort } from './sanitize.js';

/** The most columns of a name. */
const LONGEST_NAME = 40;
/** What the margin of a view takes of a line. */
const MARGIN = 2;

const BETWEEN = ' · ';

/** The parts of a line, in as many lines as it takes; a part that is too long has one of its own. */
export function folded(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : `${last}${BETWEEN}${part}`;
    if (last === undefined || longer.length > width) lines.push(part);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** The columns that names take, which leave half of a line to what is said of them. */
export function nameColumns(names: readonly string[], width: number): number {
  const most = Math.min(LONGEST_NAME, Math.floor(width / 2));
  return Math.min(most, Math.max(...names.map((name) => sanitizeShort(name, 200).length)));
}

/** The columns that a line has behind names of so many. */
export function roomBeside(names: number, width: number): number {
  return width - MARGIN - names - 1;
}
