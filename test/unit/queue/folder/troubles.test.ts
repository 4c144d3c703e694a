import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { MOST_BODY, type Queue } from '../../../../server/queue/contract.js';
import type { Files } from '../../../../server/queue/folder/files.js';
import { nodeFiles } from '../../../../server/queue/folder/node-files.js';
import { openFolderQueue } from '../../../../server/queue/folder/open.js';
import { makeFolder } from '../../../support/folder.js';
import { orderOf, runAll } from '../../../support/queue-orders.js';
import { AT_REST, filesBelow, testWorlds } from '../../../support/queue-world.js';

async function openIn(t: TestContext, folder: string, files: Files = nodeFiles): Promise<Queue> {
  const queue = await openFolderQueue(folder, { ordered: false }, testWorlds().begin({ files }));
  t.after(() => queue.close());
  return queue;
}

/** A disk on which one kind of call is refused. */
function refusing(code: string, call: 'create' | 'rename'): Files {
  const refuse = (): Promise<never> =>
    Promise.reject(Object.assign(new Error(`${code}: refused`), { code }));
  return { ...nodeFiles, [call]: refuse };
}

test('a folder that holds other things is refused, and stays as it is', async (t) => {
  const folder = makeFolder(t, { 'thesis.txt': 'text' });
  await assert.rejects(openIn(t, folder), {
    ...{ name: 'QueueError', code: 'not a queue' },
    message: `queue ${folder}: the folder holds "thesis.txt" and no queue.json, so it is not a queue: name an empty folder, or one that is not there yet`,
  });
  assert.deepEqual(filesBelow(folder), ['thesis.txt']);
});

test('a file is no queue', async (t) => {
  const folder = makeFolder(t, { file: '' });
  await assert.rejects(openIn(t, path.join(folder, 'file')), { code: 'not a queue' });
});

test('a queue of another format, or with a queue.json of something else, is refused', async (t) => {
  const later = makeFolder(t, { 'queue.json': '{"format": 2}' });
  await assert.rejects(openIn(t, later), { code: 'format', message: /its format is 2/ });
  for (const text of ['', 'null', '{}', '[1']) {
    const folder = makeFolder(t, { 'queue.json': text });
    await assert.rejects(openIn(t, folder), { code: 'not a queue' }, text);
  }
});

test('a folder that another process makes a queue of at the same moment is one', async (t) => {
  const folder = path.join(makeFolder(t, {}), 'queue');
  const list = async (of: string): Promise<string[]> => {
    if (of === folder) await openIn(t, folder);
    return nodeFiles.list(of);
  };
  const queue = await openIn(t, folder, { ...nodeFiles, list });
  assert.equal((await queue.counts()).waiting, 0);
  assert.deepEqual(filesBelow(folder), AT_REST);
});

test('a folder that is missing is made, with those above it', async (t) => {
  const folder = path.join(makeFolder(t, {}), 'a', 'b');
  await openIn(t, folder);
  assert.deepEqual(filesBelow(folder), AT_REST);
});

test('without room or the right to write, the putting in is refused and the queue stays empty', async (t) => {
  const folder = makeFolder(t, {});
  const sound = await openIn(t, folder);
  for (const call of ['create', 'rename'] as const) {
    for (const [code, told] of [
      ['ENOSPC', 'full'],
      ['EDQUOT', 'full'],
      ['EROFS', 'read-only'],
      ['EACCES', 'read-only'],
      ['EIO', 'io'],
    ] as const) {
      const queue = await openIn(t, folder, refusing(code, call));
      const message = new RegExp(`^queue ${folder}: a task cannot be put in: ${code}`);
      await assert.rejects(queue.put(orderOf({ dedupeKey: 'a' })), { code: told, message });
    }
  }
  assert.equal(await sound.claim(), null);
  assert.deepEqual(filesBelow(folder), AT_REST);
});

test('a queue in a folder that cannot be written is opened, and says so when it is used', async (t) => {
  const folder = makeFolder(t, {});
  await (await openIn(t, folder)).put(orderOf());
  const queue = await openIn(t, folder, refusing('EROFS', 'rename'));
  assert.equal((await queue.counts()).waiting, 1);
  await assert.rejects(queue.claim(), { code: 'read-only' });
});

test('a body that is too large, or whose stream fails, leaves nothing behind', async (t) => {
  const folder = makeFolder(t, {});
  const queue = await openIn(t, folder);
  const chunk = Buffer.alloc(MOST_BODY / 8);
  const endless = Readable.from(Array.from({ length: 9 }, () => chunk));
  await assert.rejects(queue.put(orderOf({ body: endless })), { code: 'too large' });
  const broken = new Readable({
    read() {
      this.destroy(new Error('the client is gone'));
    },
  });
  await assert.rejects(queue.put(orderOf({ body: broken })), {
    code: 'body',
    message: /the client is gone/,
  });
  assert.deepEqual(filesBelow(folder), AT_REST);
});

test('files and folders that are no tasks are put aside with the reason', async (t) => {
  const folder = makeFolder(t, {});
  const queue = await openIn(t, folder);
  await queue.put(orderOf({ payload: '1' }));
  const bucket = path.join(folder, path.dirname(filesBelow(folder).at(-1) ?? ''));
  const name = `0000000000000001-5-000000-${'b'.repeat(32)}.task`;
  writeFileSync(path.join(bucket, 'core'), 'x');
  symlinkSync('/etc/passwd', path.join(bucket, name));
  mkdirSync(path.join(folder, 'ready/5/mine'));
  writeFileSync(path.join(folder, 'tmp/notes'), 'x');
  assert.deepEqual(await runAll(queue), [1]);
  await queue.recover();
  const why = (file: string): string =>
    readFileSync(path.join(folder, 'quarantine', `${file}.why`), 'utf8');
  assert.match(why('core'), /its name is not that of a task/);
  assert.match(why(name.replace('-000000-', '-000001-')), /it is a symbolic link/);
  assert.match(why('mine'), /its name is not that of a bucket/);
  assert.match(why('notes'), /no process of this queue makes such a file/);
  assert.ok(existsSync(path.join(folder, 'quarantine/mine')));
});
