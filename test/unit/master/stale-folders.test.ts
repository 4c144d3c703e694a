import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { folderPrefix, removeStaleFolders } from '../../../server/master/stale-folders.js';
import { makeFolder } from '../../support/folder.js';

const SELF = process.geteuid?.() ?? 0;
const [, SPACE = '', PID = '', STARTED = ''] =
  /^http-(\w+)-(\w+)-(\w+)-$/.exec(folderPrefix()) ?? [];

/** A pid that was given out and is free again. */
async function freePid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}

async function deadName(): Promise<string> {
  return `http-${SPACE}-${(await freePid()).toString(36)}-1-abcDEF`;
}

function makePrivate(parent: string, name: string): string {
  const folder = path.join(parent, name);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** A socket that nobody serves any more, as a killed process leaves it. */
async function leaveSocket(file: string): Promise<void> {
  const code = `require('net').createServer().listen(${JSON.stringify(file)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await once(spawn(process.execPath, ['-e', code]), 'exit');
  assert.ok(existsSync(file));
}

describe('the folder of a master that no longer lives', () => {
  test('is removed with the sockets of its workers', async (t) => {
    const parent = makeFolder(t, {});
    const folder = makePrivate(parent, await deadName());
    await leaveSocket(path.join(folder, 'worker-1.sock'));
    assert.equal(removeStaleFolders(parent, SELF), 1);
    assert.deepEqual(readdirSync(parent), []);
  });

  test('is removed when another process has its pid by now', (t) => {
    const parent = makeFolder(t, {});
    makePrivate(parent, `http-${SPACE}-${PID}-1-abcDEF`);
    assert.equal(removeStaleFolders(parent, SELF), 1);
    assert.deepEqual(readdirSync(parent), []);
  });

  test('stays when something else lies in it', async (t) => {
    const parent = makeFolder(t, {});
    const folder = makePrivate(parent, await deadName());
    writeFileSync(path.join(folder, 'worker-1.sock'), 'no socket');
    assert.equal(removeStaleFolders(parent, SELF), 0);
    assert.deepEqual(readdirSync(folder), ['worker-1.sock']);
  });

  test("stays when it is another user's, or open to others", async (t) => {
    const parent = makeFolder(t, {});
    const folder = makePrivate(parent, await deadName());
    assert.equal(removeStaleFolders(parent, SELF + 1), 0);
    chmodSync(folder, 0o755);
    assert.equal(removeStaleFolders(parent, SELF), 0);
    assert.ok(existsSync(folder));
  });

  test('is not looked for behind a link', async (t) => {
    const [parent, elsewhere] = [makeFolder(t, {}), makeFolder(t, {})];
    const target = makePrivate(elsewhere, 'precious');
    await leaveSocket(path.join(target, 'worker-1.sock'));
    symlinkSync(target, path.join(parent, await deadName()));
    assert.equal(removeStaleFolders(parent, SELF), 0);
    assert.deepEqual(readdirSync(target), ['worker-1.sock']);
  });
});

test('the folder of a master that lives, of another numbering of processes, and any other stay', async (t) => {
  const parent = makeFolder(t, {});
  const names = [
    `http-${SPACE}-${PID}-${STARTED}-abcDEF`,
    `http-1-${(await freePid()).toString(36)}-1-abcDEF`,
    'http-abcDEF',
    'something',
  ];
  for (const name of names) makePrivate(parent, name);
  assert.equal(removeStaleFolders(parent, SELF), 0);
  assert.deepEqual(readdirSync(parent).sort(), [...names].sort());
});

test('a directory that is not there holds none', () => {
  assert.equal(removeStaleFolders('/nonexistent/tsuwsgi', SELF), 0);
});
