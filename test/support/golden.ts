import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The tests run from dist/test/support, the goldens stand in the source tree. */
const FOLDER = join(import.meta.dirname, '..', '..', '..', 'test', 'golden');

/**
 * Holds text against test/golden/NAME. With UPDATE_GOLDEN=1 the file is written instead: look at
 * the difference before you commit it.
 */
export function matchGolden(name: string, actual: string): void {
  const path = join(FOLDER, name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  assert.equal(actual, readFileSync(path, 'utf8'), `${name} differs; UPDATE_GOLDEN=1 rewrites it`);
}
