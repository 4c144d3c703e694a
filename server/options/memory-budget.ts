import { err, ok, type Result } from '../../shared/result.js';

/** As `--memory-budget` is written: megabytes, or percent of the memory that there is. */
export type MemoryBudget =
  | { readonly kind: 'megabytes'; readonly megabytes: number }
  | { readonly kind: 'percent'; readonly percent: number };

/** The error is the end of a sentence that begins with the value. */
export function parseMemoryBudget(text: string): Result<MemoryBudget, string> {
  const [, digits = '', sign] = /^(\d{1,9})(%?)$/.exec(text) ?? [];
  const number = Number(digits);
  if (digits === '' || number < 1) {
    return err('is neither a number of MB, such as 2048, nor a share of the memory, such as 60%');
  }
  if (sign !== '%') return ok({ kind: 'megabytes', megabytes: number });
  if (number > 100) return err('is more than 100% of the memory');
  return ok({ kind: 'percent', percent: number });
}

/** For the row of the option. */
export function checkMemoryBudget(text: string): string | null {
  const read = parseMemoryBudget(text);
  return read.ok ? null : read.error;
}
