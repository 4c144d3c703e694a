import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { OPTIONS } from '../../../server/options/table.js';
import { plain } from '../../support/markdown-table.js';
import { optionsPage } from '../../support/options-page.js';
import { ROOT } from '../../support/server.js';

/** The page is made from the table of options; run with UPDATE_README=1 to write it. */

test('docs/options.md is the one that the table makes', () => {
  const file = path.join(ROOT, 'docs/options.md');
  const page = optionsPage(OPTIONS);
  if (process.env['UPDATE_README'] === '1') writeFileSync(file, page);
  assert.equal(words(readFileSync(file, 'utf8')), words(page), 'run with UPDATE_README=1');
});

/** A text without what the formatter does to it. */
function words(text: string): string {
  return plain(text)
    .replaceAll(/\\(?=[^\w])/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
