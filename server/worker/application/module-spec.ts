import { err, ok, type Result } from '../../../shared/result.js';
import type { ApplicationSpec } from './application.js';
import type { Problem } from '../../../shared/problem.js';
import { MACHINE_PROBLEMS } from '../../options/problems/machine.js';

/**
 * Reads the value of `--module`: `FILE` or `FILE:export`. The last colon divides, unless a slash
 * follows it, since then it belongs to a folder's name. The file is not looked at.
 */
export function parseModule(text: string): Result<ApplicationSpec, Problem> {
  const value = text.trim();
  if (value === '') return err(MACHINE_PROBLEMS.moduleNothing());
  const colon = value.lastIndexOf(':');
  if (colon < 0 || value.includes('/', colon)) return ok({ file: value });
  const file = value.slice(0, colon);
  const exportName = value.slice(colon + 1);
  if (file === '' || exportName === '') {
    const missing = file === '' ? 'file before' : 'export after';
    return err(MACHINE_PROBLEMS.moduleHalf(value, missing));
  }
  return ok({ file, exportName });
}
