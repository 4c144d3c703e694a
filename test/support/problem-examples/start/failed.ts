import type { Problem } from '../../../../shared/problem.js';
import type { Result } from '../../../../shared/result.js';

/** The problem of what should have failed; none when it did not. */
export function failed(result: Result<unknown, string>): readonly Problem[] {
  return result.ok ? [] : [result.error as Problem];
}

/** An error of the system. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: the system says no`), { code });
}
