import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './server.js';

/** What npm puts into every package, whatever `files` says. */
const ALWAYS = /^(?:package\.json|README\.md|LICENSE)$/;

/**
 * Whether a file or a folder of the repository is in the package, by what package.json says in
 * `files`: a later word wins over an earlier one, and `!` takes out.
 */
export function isPackaged(file: string): boolean {
  const name = path.posix.normalize(file).replace(/\/$/, '');
  if (ALWAYS.test(name)) return true;
  const last = words().findLast((word) => patternOf(word.replace(/^!/, '')).test(name));
  return last !== undefined && !last.startsWith('!');
}

function words(): readonly string[] {
  const manifest: unknown = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  return Reflect.get(Object(manifest), 'files') as readonly string[];
}

/** A word names a file, a folder with all in it, or with `*` files of one folder. */
function patternOf(word: string): RegExp {
  const literal = word.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${literal}(?:/|$)`);
}
