import { err, ok, type Result } from '../../../shared/result.js';
import type { ApplicationSpec } from './application.js';

/**
 * Reads the value of `--module`: `FILE` or `FILE:export`. The last colon divides, unless a slash
 * follows it, since then it belongs to a folder's name. The file is not looked at.
 */
export function parseModule(text: string): Result<ApplicationSpec, string> {
  const value = text.trim();
  if (value === '') return err('--module is empty: write --module FILE or --module FILE:export');
  const colon = value.lastIndexOf(':');
  if (colon < 0 || value.includes('/', colon)) return ok({ file: value });
  const file = value.slice(0, colon);
  const exportName = value.slice(colon + 1);
  if (file === '' || exportName === '') {
    const missing = file === '' ? 'file before' : 'export after';
    return err(`--module "${value}" names no ${missing} the colon: write FILE or FILE:export`);
  }
  return ok({ file, exportName });
}
