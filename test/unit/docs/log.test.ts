import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createJson } from '../../../server/request-log/json.js';
import { VARIABLES } from '../../../server/request-log/variables.js';
import { entryToLog } from '../../support/logged.js';
import { plain, table } from '../../support/markdown-table.js';
import { ROOT } from '../../support/server.js';

/** docs/log.md lists every variable; run with UPDATE_README=1 to write it. */

const FILE = path.join(ROOT, 'docs/log.md');
const BLOCK =
  /(<!-- variables: made from server\/request-log\/variables\.ts -->\n)[^]*?(<!-- end -->)/;

function variables(): string {
  const rows = Object.entries(VARIABLES).map(([name, { help }]) => [`\`%(${name})\``, help]);
  const all = [...rows, ['`%(var.NAME)`', 'a CGI variable: `%(var.HTTP_X_REQUEST_ID)`']];
  return table(['variable', 'what it is'], all);
}

test('docs/log.md lists every variable of --log-format', () => {
  const generated = (text: string): string =>
    text.replace(BLOCK, (_, open: string, end: string) => `${open}\n${variables()}\n\n${end}`);
  const text = readFileSync(FILE, 'utf8');
  assert.match(text, BLOCK);
  if (process.env['UPDATE_README'] === '1') writeFileSync(FILE, generated(text));
  const now = readFileSync(FILE, 'utf8');
  assert.equal(plain(generated(now)), plain(now), 'run with UPDATE_README=1');
});

test('docs/log.md lists every name of --log-json, in its order', () => {
  const text = readFileSync(FILE, 'utf8');
  const section = text.slice(text.indexOf('## --log-json'));
  const listed = [...section.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
  assert.deepEqual(listed, Object.keys(JSON.parse(createJson(true)(entryToLog())) as object));
});
