import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './server.js';

export const EXAMPLES = path.join(ROOT, 'examples');

/** The text of an example. */
export function example(name: string): string {
  return readFileSync(path.join(EXAMPLES, name), 'utf8');
}

/** Replaces a text that must be there, so that an example that changes is noticed. */
export function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((before, [from, to]) => {
    assert.ok(before.includes(from), `${from} is not in the example`);
    return before.replaceAll(from, to);
  }, text);
}
