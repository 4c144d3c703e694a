import { err, ok, type Result } from '../../shared/result.js';
import type { Problem } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from './problems/values.js';

/** As `--memory-budget` is written: megabytes, or percent of the memory that there is. */
export type MemoryBudget =
  | { readonly kind: 'megabytes'; readonly megabytes: number }
  | { readonly kind: 'percent'; readonly percent: number };

/** The error is one sentence that names the value. */
export function parseMemoryBudget(text: string): Result<MemoryBudget, Problem> {
  const [, digits = '', sign] = /^(\d{1,9})(%?)$/.exec(text) ?? [];
  const number = Number(digits);
  if (digits === '' || number < 1) {
    return err(SYNTAX_PROBLEMS.budgetUnread(text));
  }
  if (sign !== '%') return ok({ kind: 'megabytes', megabytes: number });
  if (number > 100) return err(SYNTAX_PROBLEMS.budgetTooMuch(text));
  return ok({ kind: 'percent', percent: number });
}

/** For the row of the option. */
export function checkMemoryBudget(text: string): Problem | null {
  const read = parseMemoryBudget(text);
  return read.ok ? null : read.error;
}
