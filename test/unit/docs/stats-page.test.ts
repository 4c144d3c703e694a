import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../support/server.js';
import { statsTables } from '../../support/stats-page.js';

/** The page's tables are made from the schema; run with UPDATE_STATS_PAGE=1 to write them. */

const FILE = path.join(ROOT, 'docs/stats.md');

function generated(text: string): string {
  return text.replace(
    /(<!-- fields: made from docs\/stats.schema.json -->\n)[^]*(<!-- end -->)/,
    (...found: string[]) => `${found[1] ?? ''}\n${statsTables()}\n\n${found[2] ?? ''}`,
  );
}

/** The formatter pads tables and writes some characters in another way. */
function plain(text: string): string {
  return text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').replaceAll('\\', '');
}

test("docs/stats.md has the schema's fields", () => {
  const text = readFileSync(FILE, 'utf8');
  if (process.env['UPDATE_STATS_PAGE'] === '1') writeFileSync(FILE, generated(text));
  const now = readFileSync(FILE, 'utf8');
  assert.ok(now.includes('| `recent_latency`'), 'the fields are there');
  assert.equal(plain(generated(now)), plain(now), 'run with UPDATE_STATS_PAGE=1');
});
