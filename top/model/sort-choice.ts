import { didYouMean } from '../../shared/likely.js';
import { err, ok, type Result } from '../../shared/result.js';
import { type Sort, SORT_KEYS, type SortId } from './sort-keys.js';

/** The words that `--sort` takes. */
export const SORT_NAMES: readonly string[] = SORT_KEYS.map(({ id }) => id);

/** The order after a column was asked for: its interesting end first, asked for again the other. */
export function nextSort(sort: Sort, by: SortId): Sort {
  if (sort.by === by) return { by, descending: !sort.descending };
  return { by, descending: SORT_KEYS.find(({ id }) => id === by)?.descending ?? false };
}

/**
 * Reads `--sort`: a column in its usual direction, or with `-` before it in the other. The error is
 * the end of a sentence.
 */
export function readSort(text: string): Result<Sort, string> {
  const reverse = text.startsWith('-');
  const name = (reverse ? text.slice(1) : text).trim().toLowerCase();
  const key = SORT_KEYS.find(({ id }) => id === name);
  if (key === undefined) {
    const given = JSON.stringify(name.slice(0, 40));
    const known = SORT_NAMES.join(', ');
    return err(
      `${given} is no column to sort by, there are ${known}${didYouMean(SORT_NAMES, name)}`,
    );
  }
  return ok({ by: key.id, descending: key.descending !== reverse });
}
