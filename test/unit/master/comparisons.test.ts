import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createComparisons, type ComparisonParts } from '../../../server/master/comparisons.js';
import type { SnapshotDirectory } from '../../../server/master/snapshot-directory.js';
import { makeFolder } from '../../support/folder.js';

const WANTED = { worker: 1, pid: 77, names: null };

const directory: SnapshotDirectory = {
  path: '/snapshots',
  room: 1e6,
  free: () => null,
  place: () => ({ ok: false, error: 'nothing is written' }),
  folder: () => ({ ok: true, value: '/snapshots' }),
};

/** Compares with a program of the test's instead of ours. */
function comparing(t: TestContext, program: string, more: Partial<ComparisonParts> = {}) {
  const folder = makeFolder(t, { 'main.mjs': program });
  const parts = { directory, entry: path.join(folder, 'main.mjs'), owner: null, ...more };
  return createComparisons(parts);
}

async function outcomeOf(t: TestContext, program: string, more: Partial<ComparisonParts> = {}) {
  const { outcome } = comparing(t, program, more)(WANTED);
  return outcome;
}

test('the process is asked in one argument, and knows nothing of the environment', async (t) => {
  const program = `console.log(JSON.stringify({
    ok: true,
    value: [process.argv[2], JSON.stringify(process.env), process.execArgv].join(' '),
  }))`;
  assert.deepEqual(await outcomeOf(t, program), {
    ok: true,
    code: 'done',
    message:
      'worker 1 (pid 77): {"worker":1,"pid":77,"names":null,"folder":"/snapshots","room":1000000} {} --max-old-space-size=96',
  });
});

test('whatever the process says, it is an outcome', async (t) => {
  for (const [program, complaint] of [
    ['', /ended without an answer: it may be out of memory/],
    ['process.kill(process.pid, "SIGKILL")', /ended without an answer/],
    ['console.log("[]")', /has no sense/],
    ['console.log(JSON.stringify({ ok: true, value: "x".repeat(9000) }))', /has no sense/],
    ['setInterval(() => console.log("x".repeat(9000)), 1)', /the answer was too long/],
    ['console.log(JSON.stringify({ ok: false, error: "it is cut" }))', /: it is cut$/],
  ] as const) {
    const outcome = await outcomeOf(t, program);
    assert.equal(outcome?.code, 'failed');
    assert.match(outcome.message, complaint);
  }
});

test('a process that does not end is killed', async (t) => {
  const outcome = await outcomeOf(t, 'setInterval(() => 0, 1000)', { limitMs: 100 });
  assert.match(outcome?.message ?? '', /took longer than 0\.1 s: compare the files elsewhere$/);
});

test('one comparison at a time, and the next one when it has ended', async (t) => {
  const compare = comparing(t, 'console.log(JSON.stringify({ ok: true, value: "" }))');
  const first = compare(WANTED);
  assert.equal(compare(WANTED).code, 'busy');
  await first.outcome;
  const next = compare(WANTED);
  assert.equal(next.code, 'accepted');
  await next.outcome;
});

test('without a folder, or with one that cannot be used, nothing is begun', (t) => {
  const none = comparing(t, '', { directory: null })(WANTED);
  assert.equal(none.code, 'not-configured');
  const folder = () => ({ ok: false, error: 'it is a link' }) as const;
  const refused = comparing(t, '', { directory: { ...directory, folder } })(WANTED);
  assert.deepEqual([refused.code, refused.message], ['failed', 'it is a link']);
});
