import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { pidNamespace, writeKeyFile } from '../../../server/control/key-file.js';
import { removeStaleKeys } from '../../../server/control/stale-keys.js';
import { temporaryFolder } from '../../support/stats-rig.js';

const bootId = '0123456789abcdef';
const uid = process.geteuid?.() ?? 0;

function options(t: TestContext) {
  const directory = join(temporaryFolder(t), 'run', 'tsuwsgi');
  return { directory, bootId, key: randomBytes(32), addresses: ['127.0.0.1:9191', '@cats'], uid };
}

test('the key is in a file of mode 0600 in a folder of mode 0700, and goes at the end', async (t) => {
  const wanted = options(t);
  const written = await writeKeyFile(wanted);
  assert.ok(written.ok);
  assert.equal(lstatSync(wanted.directory).mode & 0o777, 0o700);
  const { path } = written.value;
  assert.equal(path, join(wanted.directory, `${bootId}.key`));
  assert.equal(lstatSync(path).mode & 0o777, 0o600);
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), {
    boot_id: bootId,
    key: wanted.key.toString('hex'),
    addresses: wanted.addresses,
    pid: process.pid,
    pid_namespace: pidNamespace(),
  });
  assert.deepEqual(readdirSync(wanted.directory), [`${bootId}.key`]);
  await written.value.remove();
  await written.value.remove();
  assert.deepEqual(readdirSync(wanted.directory), []);
});

test('a file that another put in its place is not removed', async (t) => {
  const written = await writeKeyFile(options(t));
  assert.ok(written.ok);
  const { path } = written.value;
  writeFileSync(`${path}.new`, 'another');
  renameSync(`${path}.new`, path);
  await written.value.remove();
  assert.equal(readFileSync(path, 'utf8'), 'another');
});

test('a link in the place of the key file is replaced, not written through', async (t) => {
  const wanted = options(t);
  mkdirSync(wanted.directory, { recursive: true, mode: 0o700 });
  const victim = join(wanted.directory, 'victim');
  writeFileSync(victim, 'untouched');
  symlinkSync(victim, join(wanted.directory, `${bootId}.key`));
  const written = await writeKeyFile(wanted);
  assert.ok(written.ok);
  assert.equal(readFileSync(victim, 'utf8'), 'untouched');
  assert.ok(lstatSync(written.value.path).isFile());
});

test('a folder that others can enter is refused, with the remedy', async (t) => {
  const wanted = options(t);
  mkdirSync(wanted.directory, { recursive: true });
  chmodSync(wanted.directory, 0o750);
  const written = await writeKeyFile(wanted);
  assert.ok(!written.ok);
  assert.match(written.error, /open to other users.*chmod 700.*XDG_RUNTIME_DIR/);
  assert.deepEqual(readdirSync(wanted.directory), []);
});

test('a folder that is a symbolic link is refused', async (t) => {
  const wanted = options(t);
  const real = join(temporaryFolder(t), 'real');
  mkdirSync(real, { mode: 0o700 });
  const link = join(temporaryFolder(t), 'link');
  symlinkSync(real, link);
  const written = await writeKeyFile({ ...wanted, directory: link });
  assert.ok(!written.ok);
  assert.match(written.error, /symbolic link/);
  assert.deepEqual(readdirSync(real), []);
});

test('a folder of another user is refused', async (t) => {
  const written = await writeKeyFile({ ...options(t), uid: uid + 1 });
  assert.ok(!written.ok);
  assert.match(written.error, new RegExp(`belongs to user ${uid}`));
});

test('a file in the place of the folder is an error, not an exception', async (t) => {
  const directory = join(temporaryFolder(t), 'file');
  writeFileSync(directory, '');
  const written = await writeKeyFile({ ...options(t), directory });
  assert.ok(!written.ok);
  assert.match(written.error, /file is no folder|file cannot be used/);
});

test('a boot id that would leave the folder is refused', async (t) => {
  const written = await writeKeyFile({ ...options(t), bootId: '../../evil' });
  assert.ok(!written.ok);
});

test('a file larger than readers take is refused', async (t) => {
  const addresses = Array.from({ length: 300 }, (_, port) => `127.0.0.1:${10_000 + port}`);
  const written = await writeKeyFile({ ...options(t), addresses });
  assert.ok(!written.ok);
  assert.match(written.error, /4096 bytes/);
});

test('only the key files of masters that are provably dead are cleaned up', async (t) => {
  const wanted = options(t);
  assert.ok((await writeKeyFile(wanted)).ok);
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const namespace = pidNamespace();
  const files = {
    'aaaaaaaa.key': { pid: dead, pid_namespace: namespace },
    'bbbbbbbb.key': { pid: dead, pid_namespace: 'pid:[1]' },
    'cccccccc.key': { boot_id: 'cccccccc', key: '', addresses: [] },
    'dddddddd.key': { pid: -1, pid_namespace: namespace },
    'notes.txt': { pid: dead, pid_namespace: namespace },
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(wanted.directory, name), JSON.stringify(content));
  }
  writeFileSync(join(wanted.directory, 'eeeeeeee.key'), 'not JSON');
  symlinkSync(join(wanted.directory, 'aaaaaaaa.key'), join(wanted.directory, 'ffffffff.key'));
  assert.equal(await removeStaleKeys(wanted.directory), 1);
  assert.deepEqual(readdirSync(wanted.directory).sort(), [
    `${bootId}.key`,
    'bbbbbbbb.key',
    'cccccccc.key',
    'dddddddd.key',
    'eeeeeeee.key',
    'ffffffff.key',
    'notes.txt',
  ]);
});

test('a folder that is missing has no stale keys', async () => {
  assert.equal(await removeStaleKeys('/nonexistent/tsuwsgi'), 0);
});
