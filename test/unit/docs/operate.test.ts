import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { INSTANCE_EXIT_CODES } from '../../../server/instance-command/exit-codes.js';
import { ACTIONS } from '../../../server/instance-command/request.js';
import { filled, table, unpadded } from '../../support/markdown.js';
import { ROOT } from '../../support/server.js';

/** docs/operate.md lists every exit code of an order; run with UPDATE_README=1 to write them. */

const FILE = path.join(ROOT, 'docs/operate.md');
const BLOCKS = {
  'exit codes': () =>
    table(
      ['exit code', 'when'],
      INSTANCE_EXIT_CODES.map(({ code, when }) => [String(code), when]),
    ),
};

test('docs/operate.md has the exit codes of orders, and each order', () => {
  const text = readFileSync(FILE, 'utf8');
  if (process.env['UPDATE_README'] === '1') writeFileSync(FILE, filled(text, BLOCKS));
  const now = readFileSync(FILE, 'utf8');
  assert.equal(unpadded(filled(now, BLOCKS)), unpadded(now), 'run with UPDATE_README=1');
  for (const action of ACTIONS) assert.ok(now.includes(`| \`--${action}\``), action);
});
