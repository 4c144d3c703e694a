import { didYouMean } from '../../shared/likely.js';
import { err, ok, type Result } from '../../shared/result.js';
import { COLUMN_SPECS, type ColumnId, type ColumnSpec } from './column-specs.js';

/** The words that `--columns` takes. */
export const COLUMN_NAMES: readonly string[] = COLUMN_SPECS.map(({ id }) => id);

/** Reads `--columns`: names of columns with commas between them. The error ends a sentence. */
export function readColumns(text: string): Result<readonly ColumnId[], string> {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const chosen: ColumnId[] = [];
  for (const name of names) {
    const column = COLUMN_SPECS.find(({ id }) => id === name);
    if (column === undefined) {
      const given = JSON.stringify(name.slice(0, 40));
      const known = COLUMN_NAMES.join(', ');
      return err(`${given} is no column, there are ${known}${didYouMean(COLUMN_NAMES, name)}`);
    }
    if (chosen.includes(column.id)) return err(`"${name}" is there twice`);
    chosen.push(column.id);
  }
  return ok(chosen);
}

/**
 * The columns of a choice; all of them without one. Whoever only leaves some out keeps the order in
 * which they fold; in an order of one's own the last folds first, and the first stays.
 */
export function specsOf(chosen: readonly ColumnId[] | null): readonly ColumnSpec[] {
  if (chosen === null) return COLUMN_SPECS;
  const specs = chosen.flatMap((id) => COLUMN_SPECS.filter((spec) => spec.id === id));
  const places = specs.map((spec) => COLUMN_SPECS.indexOf(spec));
  const usual = places.every((place, index) => index === 0 || place > (places[index - 1] ?? -1));
  return usual ? specs : specs.map((spec, fold) => ({ ...spec, fold }));
}
