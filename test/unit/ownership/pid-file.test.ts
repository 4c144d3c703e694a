import assert from 'node:assert/strict';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { writePidFile } from '../../../server/ownership/pid-file.js';
import { makeFolder } from '../../support/folder.js';

test('a pid file replaces what is there, in one step and readable for all', (t) => {
  const folder = makeFolder(t, { 'old.pid': '1\n' });
  const file = path.join(folder, 'old.pid');
  assert.equal(writePidFile(file, 4711).ok, true);
  assert.equal(readFileSync(file, 'utf8'), '4711\n');
  assert.equal(statSync(file).mode & 0o777, 0o644);
  assert.deepEqual(readdirSync(folder), ['old.pid'], 'no draft is left');
});

test('a link at the path is replaced and not followed', (t) => {
  const folder = makeFolder(t, { precious: 'precious' });
  const file = path.join(folder, 'a.pid');
  symlinkSync('precious', file);
  assert.equal(writePidFile(file, 4711).ok, true);
  assert.equal(readFileSync(path.join(folder, 'precious'), 'utf8'), 'precious');
});

test('it is removed while it names its writer, and left when it names another', (t) => {
  const folder = makeFolder(t, {});
  const file = path.join(folder, 'a.pid');
  const written = writePidFile(file, 4711);
  assert.ok(written.ok);
  writeFileSync(file, '4712\n');
  assert.equal(written.value.remove().ok, true);
  assert.deepEqual(readdirSync(folder), ['a.pid']);
  writeFileSync(file, '4711\n');
  assert.equal(written.value.remove().ok, true);
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(written.value.remove().ok, true, 'gone already is no problem');
});

test('a folder that is missing is named', () => {
  const written = writePidFile('/no-such-folder/a.pid', 1);
  assert.ok(!written.ok);
  assert.match(written.error, /^no pid file: \/no-such-folder\/a\.pid cannot be written: ENOENT/);
});

test('a file that cannot be replaced is told with whom it names, after an upgrade without root', (t) => {
  const folder = makeFolder(t, { 'a.pid': '4711\n' });
  // What stands in the way of the draft stands for a folder that may not be written to.
  mkdirSync(path.join(folder, 'a.pid.99.draft'));
  const written = writePidFile(path.join(folder, 'a.pid'), 99);
  assert.ok(!written.ok);
  assert.match(
    written.error,
    /^the pid file \S*a\.pid still names 4711, not this process: .* where user \d+ may write$/,
  );
});
