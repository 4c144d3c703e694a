import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { compareFiles } from '../../../server/compare/compare-files.js';
import { readRequest, type ComparisonRequest } from '../../../server/compare/request.js';
import { makeFolder } from '../../support/folder.js';
import { smallSnapshot, type SmallNode } from '../../support/small-snapshot.js';

const ROOM = 1e6;

function leaking(count: number, name = 'Leaked'): string {
  const nodes: SmallNode[] = Array.from({ length: count }, () => ['object', name, 24]);
  return smallSnapshot(nodes);
}

/** The name of the snapshot that worker 1 took as process 77 at that second. */
const taken = (second: number): string =>
  `heap-worker-1-pid-77-20261126T00000${second}Z-0000000${second}.heapsnapshot`;

function asked(folder: string, names: ComparisonRequest['names'] = null): ComparisonRequest {
  return { folder, room: ROOM, worker: 1, pid: 77, names };
}

function folderOf(t: TestContext, files: Readonly<Record<string, string>>): string {
  return makeFolder(t, { 'a.heapsnapshot': leaking(1), ...files });
}

test('without names the two newest of the process are compared, the older one first', (t) => {
  const files = [1, 2, 3].map((second) => [taken(second), leaking(10 ** second)] as const);
  const foreign = 'heap-worker-2-pid-78-20261126T000009Z-00000009.heapsnapshot';
  const folder = folderOf(t, { ...Object.fromEntries(files), [foreign]: leaking(5) });
  for (const [second, at] of [1, 2, 3].entries()) {
    utimesSync(path.join(folder, taken(at)), 1000 + second, 1000 + second);
  }
  const told = compareFiles(asked(folder));
  assert.ok(told.ok, told.ok ? '' : told.error);
  const [from, to, , , leaked] = told.value.split('\n');
  assert.deepEqual([from, to], [`from ${taken(2)}`, `to ${taken(3)}`]);
  assert.match(leaked ?? '', /^ +100 +1,000 +\+900 .* Leaked$/);
});

test('who took one snapshot, or none, is told to take two', (t) => {
  const none = compareFiles(asked(folderOf(t, {})));
  assert.deepEqual(none, {
    ok: false,
    error: 'there is no snapshot of this process in --snapshot-dir: take two with heap-snapshot',
  });
  const one = compareFiles(asked(folderOf(t, { [taken(1)]: leaking(1) })));
  assert.match(one.ok ? '' : one.error, /^there is one snapshot of it only/);
});

test('neither a link, nor a pipe, nor a folder, nor what is too large is read', (t) => {
  const folder = folderOf(t, { 'large.heapsnapshot': ' '.repeat(ROOM + 1) });
  symlinkSync(path.join(folder, 'a.heapsnapshot'), path.join(folder, 'link.heapsnapshot'));
  mkdirSync(path.join(folder, 'folder.heapsnapshot'));
  execFileSync('mkfifo', [path.join(folder, 'pipe.heapsnapshot')]);
  for (const [name, complaint] of [
    ['link', /^link\.heapsnapshot cannot be opened: ELOOP/],
    ['pipe', /^pipe\.heapsnapshot is no file/],
    ['folder', /^folder\.heapsnapshot is no file/],
    [
      'large',
      /^large\.heapsnapshot has 1000001 bytes, more than the 1000000 of --snapshot-dir-size/,
    ],
    ['missing', /^missing\.heapsnapshot cannot be opened: ENOENT/],
  ] as const) {
    const told = compareFiles(asked(folder, ['a.heapsnapshot', `${name}.heapsnapshot`]));
    assert.match(told.ok ? 'it was read' : told.error, complaint);
  }
});

test('what is no snapshot is named with the place where it is none', (t) => {
  const folder = folderOf(t, { 'cut.heapsnapshot': leaking(9).slice(0, 500) });
  const told = compareFiles(asked(folder, ['a.heapsnapshot', 'cut.heapsnapshot']));
  assert.match(told.ok ? '' : told.error, /^cut\.heapsnapshot is no whole snapshot: .*byte \d+/);
});

test('the answer is bounded, and its names are text', (t) => {
  const nodes = Array.from(
    { length: 500 },
    (_, index) => ['object', `${'x'.repeat(300)}\u001b[31m\n${index}`, 8] as const,
  );
  const evil = smallSnapshot([...nodes, ['object', '\u001b]0;\u202e\nLeaked', 9000]]);
  const folder = folderOf(t, { 'evil.heapsnapshot': evil });
  const told = compareFiles(asked(folder, ['a.heapsnapshot', 'evil.heapsnapshot']));
  assert.ok(told.ok);
  assert.ok(told.value.length < 8000, `${told.value.length} characters`);
  assert.match(told.value, /\?\]0;\?\?Leaked$/m);
  assert.doesNotMatch(told.value, /[^\x20-\x7e\n]/);
});

test('a request with a path in a name is none', () => {
  const request = asked('/s', ['a.heapsnapshot', 'b.heapsnapshot']);
  assert.deepEqual(readRequest(JSON.stringify(request)), request);
  for (const name of ['../a.heapsnapshot', '/a.heapsnapshot', '.heapsnapshot', 'a', 'x\0', 7]) {
    assert.equal(
      readRequest(JSON.stringify({ ...request, names: [name, 'b.heapsnapshot'] })),
      null,
    );
  }
});
