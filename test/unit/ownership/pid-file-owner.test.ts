import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { ownerOf, startOf } from '../../../server/ownership/pid-file-owner.js';
import { writePidFile } from '../../../server/ownership/pid-file.js';
import { makeFolder } from '../../support/folder.js';

const BOOT_S = 1_700_000_000;
const PID = 4711;

/** A /proc with one process that started ten seconds after the machine. */
function makeProc(t: TestContext, cmdline: string, state = 'S'): string {
  const proc = makeFolder(t, { stat: `cpu 1 2\nbtime ${BOOT_S}\n` });
  mkdirSync(path.join(proc, `${PID}`));
  const rest = [state, ...Array.from({ length: 18 }, () => '0'), '1000', '0'].join(' ');
  writeFileSync(path.join(proc, `${PID}/stat`), `${PID} (a) b) ${rest}\n`);
  writeFileSync(path.join(proc, `${PID}/cmdline`), cmdline.replaceAll(' ', '\0'));
  return proc;
}

/** A pid file that was written so many seconds after the machine started. */
function makePidFile(t: TestContext, text: string, afterBoot = 20): string {
  const file = path.join(makeFolder(t, { 'a.pid': text }), 'a.pid');
  utimesSync(file, BOOT_S + afterBoot, BOOT_S + afterBoot);
  return file;
}

test('a file that is missing or empty is nobody’s', (t) => {
  const folder = makeFolder(t, { empty: '' });
  assert.deepEqual(ownerOf(path.join(folder, 'none')), { kind: 'none' });
  assert.deepEqual(ownerOf(path.join(folder, 'empty')), { kind: 'none' });
});

test('what is no pid file is not taken for one', (t) => {
  const folder = makeFolder(t, { notes: 'buy milk', zero: '0\n', long: '1'.repeat(60) });
  for (const name of ['notes', 'zero', 'long', '.']) {
    assert.equal(ownerOf(path.join(folder, name)).kind, 'unusable', name);
  }
});

test('a pid that is free, a zombie or this process itself wrote nothing that counts', (t) => {
  const proc = makeProc(t, 'node /usr/bin/tsuwsgi', 'Z');
  for (const pid of [PID, 4712, process.pid]) {
    assert.deepEqual(ownerOf(makePidFile(t, `${pid}\n`), proc), { kind: 'stale', pid });
  }
});

test('who holds the very file open has written it, and who holds another has not', (t) => {
  const file = makePidFile(t, `${PID}\n`);
  const proc = makeProc(t, 'node app.js');
  mkdirSync(path.join(proc, `${PID}/fd`));
  const other = makePidFile(t, `${PID}\n`);
  symlinkSync(other, path.join(proc, `${PID}/fd/7`));
  assert.equal(ownerOf(file, proc).kind, 'stale');
  symlinkSync(file, path.join(proc, `${PID}/fd/8`));
  assert.deepEqual(ownerOf(file, proc), { kind: 'living', pid: PID, started: '1000' });
});

test('where descriptors are secret, a tsuwsgi that started before the file was written has', (t) => {
  const file = makePidFile(t, `${PID}\n`, 20);
  for (const cmdline of [
    'node /usr/local/bin/tsuwsgi -p 2',
    'node /srv/node_modules/tsuwsgi/dist/server/main.js',
  ]) {
    assert.equal(ownerOf(file, makeProc(t, cmdline)).kind, 'living', cmdline);
  }
  assert.equal(ownerOf(file, makeProc(t, 'node server.js')).kind, 'stale');
  const older = makePidFile(t, `${PID}\n`, 5);
  assert.equal(ownerOf(older, makeProc(t, 'node /usr/local/bin/tsuwsgi')).kind, 'stale');
});

test('a master holds its own file until it removes it', (t) => {
  const file = path.join(makeFolder(t, {}), 'a.pid');
  const parent = process.ppid;
  const written = writePidFile(file, parent);
  assert.ok(written.ok);
  assert.notEqual(startOf(parent), null);
  // It is held by this process, not by the one that it names.
  assert.deepEqual(ownerOf(file), { kind: 'stale', pid: parent });
  assert.equal(written.value.remove().ok, true);
  assert.deepEqual(ownerOf(file), { kind: 'none' });
});
