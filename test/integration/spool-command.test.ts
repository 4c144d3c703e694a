import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { makeFolder } from '../support/folder.js';
import { ROOT } from '../support/server.js';

const MAIN = path.join(ROOT, 'dist/server/main.js');
const SPOOLER = pathToFileURL(path.join(ROOT, 'dist/server/spooler/index.packed.js')).href;
/** On a loaded machine; what does not end by itself is killed then. */
const LIMIT_MS = 30_000;

function node(args: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, args, { encoding: 'utf8', input, timeout: LIMIT_MS });
}

const spool = (args: readonly string[], input = ''): SpawnSyncReturns<string> =>
  node([MAIN, 'spool', ...args], input);

test('the shell puts a task in, looks at it and drops it', (t) => {
  const queue = path.join(makeFolder(t, {}), 'queue');
  const put = spool([queue, 'paint', '-', '--delay', '60'], '{"cat":1}');
  assert.deepEqual([put.status, put.stderr], [0, '']);
  const id = put.stdout.trim();
  assert.match(id, /^[0-9a-f]{32}$/);
  assert.match(spool(['--list', queue]).stdout, new RegExp(`^${id}  delayed .* paint$`, 'm'));
  assert.match(spool(['--show', queue, id]).stdout, /^payload {3}\{"cat":1\}$/m);
  assert.equal(spool(['--drop', queue, id]).status, 0);
  assert.equal(spool(['--drop', queue, id]).status, 1);
});

test('a command line that is wrong is told on standard error, and ends with 2', () => {
  const { status, stdout, stderr } = spool(['--drop', 'q', '--all', '--list']);
  assert.deepEqual([status, stdout], [2, '']);
  assert.equal(stderr, 'tsuwsgi spool: --list and --drop are two things to do: leave one out\n');
});

test('a script that has spooled its task ends by itself', (t) => {
  const folder = makeFolder(t, {});
  const script = `import { spool } from ${JSON.stringify(SPOOLER)};
const { isNew } = await spool('paint', { cat: 1 }, { queue: ${JSON.stringify(path.join(folder, 'queue'))} });
process.stdout.write(String(isNew));`;
  const { status, stdout, stderr, signal } = node(['--input-type=module', '--eval', script]);
  assert.deepEqual([status, stdout, stderr, signal], [0, 'true', '', null]);
});
