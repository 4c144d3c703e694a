import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { makeFolder } from '../support/folder.js';
import { ROOT } from '../support/server.js';
import { smallSnapshot, type SmallNode } from '../support/small-snapshot.js';

const TOP = path.join(ROOT, 'dist/top/main.js');

/** Runs `tsuwsgitop --compare-snapshots` to its end, in a folder of snapshots. */
async function compared(t: TestContext, cwd: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [TOP, '--compare-snapshots', ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code: code ?? signal ?? '', out, err };
}

function leaking(count: number): string {
  const nodes: SmallNode[] = Array.from({ length: count }, () => ['object', 'Leaked', 24]);
  return smallSnapshot([['array', '', 800], ...nodes]);
}

function makeSnapshots(t: TestContext): string {
  const files = { 'a.heapsnapshot': leaking(3), 'b.heapsnapshot': leaking(1203) };
  return makeFolder(t, { ...files, 'cut.heapsnapshot': leaking(5).slice(0, 700), empty: '' });
}

test('two files are compared without a server, as text, JSON and CSV', async (t) => {
  const folder = makeSnapshots(t);
  const files = ['a.heapsnapshot', 'b.heapsnapshot'];
  const text = await compared(t, folder, ...files);
  assert.deepEqual([text.code, text.err], [0, '']);
  assert.match(text.out, /^before {2}a\.heapsnapshot\nafter {3}b\.heapsnapshot\n/);
  assert.match(text.out, /^ +3 +1,203 +\+1,200 +72 +28K +\+28K +Leaked$/m);
  assert.doesNotMatch(text.out, /\(array\)/);
  const json = await compared(t, folder, ...files, '--all', '--format', 'json');
  const { classes } = JSON.parse(json.out) as { classes: { class: string; delta: object }[] };
  assert.deepEqual(
    classes.map((each) => [each.class, each.delta]),
    [
      ['Leaked', { count: 1200, size: 28_800 }],
      ['(array)', { count: 0, size: 0 }],
    ],
  );
  const csv = await compared(t, folder, ...files, '--format', 'csv');
  assert.equal(csv.out.split('\n')[1], 'Leaked,3,1203,1200,72,28872,28800');
});

test('what is no whole snapshot is named, with the place in it, and ends with code 1', async (t) => {
  const folder = makeSnapshots(t);
  execFileSync('mkfifo', [path.join(folder, 'pipe')]);
  for (const [file, complaint] of [
    ['cut.heapsnapshot', /cut\.heapsnapshot is no whole .heapsnapshot: .* \(at byte \d+\); name /],
    ['empty', /empty is no whole .heapsnapshot: it ends too early \(at byte 0\); name another/],
    ['missing', /--compare-snapshots: ENOENT: no such file or directory, open 'missing'/],
    ['.', /--compare-snapshots: \. is no file/],
    ['pipe', /--compare-snapshots: pipe is no file/],
  ] as const) {
    const { code, out, err } = await compared(t, folder, 'a.heapsnapshot', file);
    assert.deepEqual([code, out], [1, ''], err);
    assert.match(err, complaint);
  }
});
