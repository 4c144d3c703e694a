import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Queue } from '../../../../server/queue/contract.js';
import { openFolderQueue } from '../../../../server/queue/folder/open.js';
import type { World } from '../../../../server/queue/folder/world.js';
import { eventually } from '../../../support/eventually.js';
import { makeFolder } from '../../../support/folder.js';
import { mustClaim, orderOf, runAll } from '../../../support/queue-orders.js';
import { AT_REST, filesBelow, testWorlds, type TestWorlds } from '../../../support/queue-world.js';

interface Rig {
  readonly folder: string;
  readonly worlds: TestWorlds;
  readonly queue: Queue;
  readonly open: (world?: World) => Promise<Queue>;
}

async function rig(t: TestContext, ordered = false): Promise<Rig> {
  const folder = makeFolder(t, {});
  const worlds = testWorlds();
  const open = async (world = worlds.begin()): Promise<Queue> => {
    const queue = await openFolderQueue(folder, { ordered }, world);
    t.after(() => queue.close());
    return queue;
  };
  return { folder, worlds, open, queue: await open() };
}

const NEVER_AGAIN = { type: 'failed', error: 'no paint' } as const;

/** Puts a task in that has failed for good by then. */
async function putFailed(queue: Queue, changes: Parameters<typeof orderOf>[0]): Promise<string> {
  const { id } = await queue.put(orderOf({ retries: 0, priority: 0, ...changes }));
  assert.equal(await queue.settle(await mustClaim(queue), NEVER_AGAIN), 'failed');
  return id;
}

test('tasks are listed by their states, those first that come next', async (t) => {
  const { queue, worlds } = await rig(t);
  const names = async (state: Parameters<Queue['list']>[0], most = 10): Promise<string[]> =>
    (await queue.list(state, most)).map(({ name }) => name);
  const at = Date.now() + 90_000;
  await putFailed(queue, { name: 'first failed' });
  worlds.pass(1);
  await putFailed(queue, { name: 'last failed' });
  await queue.put(orderOf({ name: 'third', priority: 7 }));
  await queue.put(orderOf({ name: 'first', priority: 1 }));
  await queue.put(orderOf({ name: 'second', priority: 1 }));
  await queue.put(orderOf({ name: 'late', at: at + 90_000 }));
  await queue.put(orderOf({ name: 'soon', at }));
  assert.deepEqual(await names('waiting'), ['first', 'second', 'third']);
  assert.deepEqual(await names('waiting', 2), ['first', 'second']);
  assert.deepEqual(await names('delayed'), ['soon', 'late']);
  assert.deepEqual(await names('failed'), ['last failed', 'first failed']);
  await mustClaim(queue);
  assert.deepEqual(await names('running'), ['first']);
  worlds.pass(100_000);
  assert.deepEqual(await names('waiting'), ['second', 'soon', 'third'], 'what is due waits');
  assert.deepEqual(await names('delayed'), ['late']);
});

test('of a task all is shown that was said of it, and what went wrong', async (t) => {
  const { queue } = await rig(t);
  const order = { name: 'paint', retries: 1, dedupeKey: 'a', body: Buffer.from('red') };
  const { id } = await queue.put(orderOf(order));
  await queue.settle(await mustClaim(queue), { type: 'failed', error: 'no brush' });
  const shown = await queue.show(id);
  assert.ok(shown !== null);
  assert.deepEqual(
    [shown.name, shown.state, shown.attempts, shown.payload, shown.bodyLength, shown.dedupeKey],
    ['paint', 'delayed', 1, { cat: 1 }, 3, 'a'],
  );
  assert.deepEqual(
    shown.failures.map(({ attempt, error }) => [attempt, error]),
    [[1, 'no brush']],
  );
  assert.equal(await queue.show('f'.repeat(32)), null);
});

test('a task that failed is retried with all its retries and its key', async (t) => {
  const { queue, folder } = await rig(t);
  const id = await putFailed(queue, { dedupeKey: 'a' });
  assert.equal(await queue.retry(id), 'done');
  assert.equal(await queue.retry(id), 'done', 'it waits already');
  assert.deepEqual(await queue.put(orderOf({ dedupeKey: 'a' })), { id, isNew: false });
  const task = await mustClaim(queue);
  assert.deepEqual([task.id, task.attempt], [id, 1]);
  await queue.settle(task, { type: 'done' });
  assert.deepEqual(filesBelow(folder), AT_REST);
});

test('a task that is retried while another has its key runs beside it', async (t) => {
  const { queue, folder } = await rig(t);
  const id = await putFailed(queue, { dedupeKey: 'a', payload: '1' });
  const other = await queue.put(orderOf({ dedupeKey: 'a', payload: '2' }));
  assert.equal(await queue.retry(id), 'done');
  assert.equal((await queue.put(orderOf({ dedupeKey: 'a' }))).id, other.id);
  assert.deepEqual(await runAll(queue), [1, 2]);
  assert.deepEqual(filesBelow(folder), AT_REST);
});

test('a task for later is retried at once', async (t) => {
  const { queue } = await rig(t);
  const { id } = await queue.put(orderOf({ at: Date.now() + 1e6, dedupeKey: 'a' }));
  assert.equal(await queue.claim(), null);
  assert.equal(await queue.retry(id), 'done');
  assert.equal((await queue.put(orderOf({ dedupeKey: 'a' }))).isNew, false, 'it has its key');
  assert.equal((await mustClaim(queue)).id, id);
});

test('a task of an ordered queue that waits for its retry is retried at once', async (t) => {
  const { queue } = await rig(t, true);
  const { id } = await queue.put(orderOf());
  await queue.settle(await mustClaim(queue), NEVER_AGAIN);
  assert.equal(await queue.claim(), null);
  assert.deepEqual((await queue.list('delayed', 1))[0]?.id, id);
  assert.equal(await queue.retry(id), 'done');
  assert.equal((await mustClaim(queue)).attempt, 1);
});

test('a task that is dropped is gone with its key and what was told of it', async (t) => {
  const { queue, folder } = await rig(t);
  const failed = await putFailed(queue, {});
  const waiting = await queue.put(orderOf({ dedupeKey: 'a' }));
  const later = await queue.put(orderOf({ dedupeKey: 'b', at: Date.now() + 1e6 }));
  for (const id of [failed, waiting.id, later.id]) {
    assert.equal(await queue.drop(id), 'done');
    assert.equal(await queue.drop(id), 'unknown');
  }
  assert.equal(await queue.claim(), null);
  assert.deepEqual(filesBelow(folder), AT_REST);
});

test('a running task is left to its spooler, until that is dead', async (t) => {
  const { queue, worlds, open } = await rig(t);
  const world = worlds.begin();
  const spooler = await open(world);
  const { id } = await queue.put(orderOf());
  await mustClaim(spooler);
  assert.deepEqual([await queue.drop(id), await queue.retry(id)], ['running', 'running']);
  assert.equal((await queue.show(id))?.state, 'running');
  worlds.kill(world);
  assert.equal(await queue.retry(id), 'done');
  assert.equal(await queue.drop(id), 'done');
});

test('of a task that is ordered about by two at once, one order is carried out', async (t) => {
  const { queue, open } = await rig(t);
  const other = await open();
  for (let turn = 0; turn < 20; turn++) {
    const { id } = await queue.put(orderOf({ at: Date.now() + 1e6, dedupeKey: 'a' }));
    const [dropped, retried] = await Promise.all([queue.drop(id), other.retry(id)]);
    const runs = await runAll(queue);
    const left = (await queue.drop(id)) === 'done' ? 1 : 0;
    assert.equal(left, 0);
    // Who wanted to drop may have found it taken by who retried it.
    if (dropped === 'done') assert.deepEqual(runs, []);
    else assert.deepEqual([retried, runs.length], ['done', 1]);
    assert.ok((await queue.put(orderOf({ dedupeKey: 'a' }))).isNew, 'the key is free');
    await runAll(queue);
  }
});

test('of a paused queue nothing is claimed in any process, until it is resumed', async (t) => {
  const { queue, open, worlds } = await rig(t);
  const world = worlds.begin();
  const other = await open(world);
  await queue.put(orderOf());
  await other.pause(true);
  await other.pause(true);
  worlds.kill(world);
  assert.deepEqual([await queue.claim(), (await queue.counts()).paused], [null, true]);
  assert.equal((await queue.counts()).waiting, 1);
  let rings = 0;
  queue.watch(() => rings++);
  await (await open()).pause(false);
  await eventually('the bell', () => rings > 0);
  assert.equal((await queue.counts()).paused, false);
  await mustClaim(queue);
});

test('a damaged task is not offered again, and can be dropped', async (t) => {
  const { queue, folder } = await rig(t);
  const [one, two] = [await putFailed(queue, {}), await putFailed(queue, { dedupeKey: 'a' })];
  for (const file of readdirSync(path.join(folder, 'failed'))) {
    appendFileSync(path.join(folder, 'failed', file), 'x');
  }
  await assert.rejects(queue.show(one), /the file of task .* is damaged: .*: drop the task/);
  assert.equal(await queue.retry(one), 'unknown');
  assert.ok(filesBelow(path.join(folder, 'quarantine')).some((name) => name.includes(one)));
  assert.equal(await queue.drop(two), 'done');
  assert.equal(await queue.claim(), null);
});

test('what is told of runs and is damaged is left out', async (t) => {
  const { queue, folder } = await rig(t);
  const id = await putFailed(queue, {});
  const runs = [{ run: 'x' }, { run: 1, at: 2, error: 'no paint' }, null];
  writeFileSync(path.join(folder, 'failed', `${id}.json`), JSON.stringify({ runs }));
  assert.deepEqual((await queue.show(id))?.failures, [{ attempt: 1, at: 2, error: 'no paint' }]);
});

test('a look at a folder that is no queue makes none', async (t) => {
  const folder = makeFolder(t, { 'cat.txt': 'x' });
  const open = (name: string): Promise<Queue> =>
    openFolderQueue(path.join(folder, name), { ordered: false, mustExist: true });
  await assert.rejects(open('none'), { code: 'not a queue' });
  await assert.rejects(open('.'), /no queue.json, so it is not a queue: name the folder/);
  assert.equal(existsSync(path.join(folder, 'none')), false);
  assert.deepEqual(readdirSync(folder), ['cat.txt']);
});
