import assert from 'node:assert/strict';
import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { openRecording } from '../../../../server/worker/profile/recording-file.js';
import { makeRoom, superfluous } from '../../../../server/worker/profile/rotation.js';
import { makeFolder } from '../../../support/folder.js';

const kept = (name: string, bytes: number, at: number, isOrphan = false) => {
  return { name, bytes, at, isOrphan };
};

test('the oldest go until the rest has room, and what was left half goes first', () => {
  const files = [kept('a', 40, 1), kept('b', 40, 2), kept('c', 40, 3), kept('half', 1, 9, true)];
  assert.deepEqual(superfluous(files, 'c', 100), ['half', 'a']);
  assert.deepEqual(superfluous(files, 'c', 1000), ['half']);
});

test('the newest stays, also where its clock is behind and where it takes all the room', () => {
  const files = [kept('a', 40, 5), kept('b', 90, 1)];
  assert.deepEqual(superfluous(files, 'b', 100), ['a']);
  assert.deepEqual(superfluous(files, 'b', 50), ['a']);
});

/** A process id that no process has. */
const NOBODY = 2 ** 22 + 1;

test('only what has the name of a recording is deleted, and no link is followed', (t) => {
  const folder = makeFolder(t, { 'precious.txt': 'x'.repeat(100), 'heap-worker-1.txt': 'mine' });
  const name = (random: string, end = 'heapsnapshot'): string =>
    `heap-worker-1-pid-${NOBODY}-20261125T183000Z-${random}.${end}`;
  writeFileSync(path.join(folder, name('00000001')), 'x'.repeat(100));
  writeFileSync(path.join(folder, name('00000002', 'heapsnapshot.part')), 'half');
  symlinkSync(path.join(folder, 'precious.txt'), path.join(folder, name('00000003')));
  makeRoom(folder, name('00000004'), 1);
  assert.deepEqual(readdirSync(folder).sort(), ['heap-worker-1.txt', 'precious.txt']);
});

test('under the name of a recording there is nothing until it is whole', (t) => {
  const folder = makeFolder(t, {});
  const file = path.join(folder, 'a.heapsnapshot');
  const out = openRecording({ file, room: 10 });
  out.append('12345');
  assert.equal(existsSync(file), false);
  assert.throws(() => {
    out.append('678901');
  }, /beyond the 10 bytes/);
  out.keep();
  assert.deepEqual(readdirSync(folder), ['a.heapsnapshot']);
});

test('what is there already is not written over, nor through', (t) => {
  const folder = makeFolder(t, { precious: 'mine' });
  const file = path.join(folder, 'a');
  symlinkSync(path.join(folder, 'precious'), `${file}.part`);
  assert.throws(() => openRecording({ file, room: 10 }), /EEXIST|ELOOP/);
});
