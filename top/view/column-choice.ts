import { didYouMean } from '../../shared/likely.js';
import { err, ok, type Result } from '../../shared/result.js';
import { type Column, COLUMNS } from './columns.js';

/** The words that `--columns` takes. */
export const COLUMN_NAMES: readonly string[] = COLUMNS.map(({ id }) => id);

/**
 * Reads `--columns`: names of columns with commas between them. On a narrow screen the last of them
 * folds first, and the first stays. The error is the end of a sentence.
 */
export function readColumns(text: string): Result<readonly Column[], string> {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const chosen: Column[] = [];
  for (const name of names) {
    const column = COLUMNS.find(({ id }) => id === name);
    if (column === undefined) {
      const given = JSON.stringify(name.slice(0, 40));
      const known = COLUMN_NAMES.join(', ');
      return err(`${given} is no column, there are ${known}${didYouMean(COLUMN_NAMES, name)}`);
    }
    if (chosen.some(({ id }) => id === column.id)) return err(`"${name}" is there twice`);
    chosen.push({ ...column, fold: chosen.length });
  }
  return ok(chosen);
}

/** The columns of a `--columns` that was read before, or all of them without it. */
export function columnsOf(chosen: string | null): readonly Column[] {
  const read = chosen === null ? null : readColumns(chosen);
  return read?.ok === true ? read.value : COLUMNS;
}
