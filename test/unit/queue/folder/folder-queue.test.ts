import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import type { Queue } from '../../../../server/queue/contract.js';
import { openFolderQueue } from '../../../../server/queue/folder/open.js';
import type { World } from '../../../../server/queue/folder/world.js';
import { eventually } from '../../../support/eventually.js';
import { makeFolder } from '../../../support/folder.js';
import { mustClaim, orderOf, runAll } from '../../../support/queue-orders.js';
import { AT_REST, filesBelow, testWorlds } from '../../../support/queue-world.js';

interface Rig {
  readonly folder: string;
  readonly worlds: ReturnType<typeof testWorlds>;
  readonly open: (world?: World, ordered?: boolean) => Promise<Queue>;
}

function rig(t: TestContext): Rig {
  const folder = makeFolder(t, {});
  const worlds = testWorlds();
  return {
    folder,
    worlds,
    async open(world = worlds.begin(), ordered = false) {
      const queue = await openFolderQueue(folder, { ordered }, world);
      t.after(() => queue.close());
      return queue;
    },
  };
}

test('a task that was put in is claimed with all that was said of it', async (t) => {
  const { open } = rig(t);
  const queue = await open();
  const { id, isNew } = await queue.put(orderOf({ timeout: 500, priority: 2 }));
  assert.ok(isNew);
  const task = await mustClaim(queue);
  assert.deepEqual(
    [task.id, task.name, task.payload, task.attempt, task.body, task.order],
    [
      id,
      'paint',
      { cat: 1 },
      1,
      null,
      { priority: 2, retries: 3, backoff: 1000, timeout: 500, dedupeKey: null },
    ],
  );
  assert.equal(await queue.claim(), null, 'nobody else gets it');
});

test('whoever claims one after the other lets the event loop turn in between', async (t) => {
  const folder = makeFolder(t, {});
  const queue = await openFolderQueue(folder, { ordered: false, claims: true });
  t.after(() => queue.close());
  for (let task = 0; task < 11; task++) await queue.put(orderOf({}));
  // What has changed just now is listed again each time, which is a turn.
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    utimesSync(path.join(folder, name), 1_700_000_000, 1_700_000_000);
  }
  await queue.settle(await mustClaim(queue), { type: 'done' });
  let turns = 0;
  const turning = (): void => {
    turns++;
    immediate = setImmediate(turning);
  };
  let immediate = setImmediate(turning);
  for (let task = 0; task < 10; task++) {
    await queue.settle(await mustClaim(queue), { type: 'done' });
  }
  clearImmediate(immediate);
  assert.ok(turns >= 9, `${turns} turns for 10 tasks`);
});

test('a task that is done leaves nothing behind', async (t) => {
  const { open, folder } = rig(t);
  const queue = await open();
  await queue.put(orderOf({ dedupeKey: 'a' }));
  assert.equal(await queue.settle(await mustClaim(queue), { type: 'done' }), 'done');
  assert.deepEqual(filesBelow(folder), AT_REST);
});

test('tasks come by priority, and in the order of their putting in', async (t) => {
  const { open } = rig(t);
  const queue = await open();
  for (const [cat, priority] of [5, 1, 5, 0, 1].entries()) {
    await queue.put(orderOf({ payload: String(cat), priority }));
  }
  assert.deepEqual(await runAll(queue), [3, 1, 4, 0, 2]);
});

test('two processes never have the same task', async (t) => {
  const { open } = rig(t);
  const [first, second] = [await open(), await open()];
  for (let cat = 0; cat < 20; cat++) await first.put(orderOf({ payload: String(cat) }));
  const claimed = await Promise.all(
    Array.from({ length: 24 }, (_, n) => (n % 2 === 0 ? first : second).claim()),
  );
  const ids = claimed.flatMap((task) => task?.id ?? []);
  assert.equal(ids.length, 20);
  assert.equal(new Set(ids).size, 20);
});

test('a body of either kind comes back byte for byte, as often as it is asked for', async (t) => {
  const { open } = rig(t);
  const queue = await open();
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7) % 256));
  const chunks = [bytes.subarray(0, 10), bytes.subarray(10, 200_000), bytes.subarray(200_000)];
  for (const body of [bytes, Readable.from(chunks), Buffer.alloc(0)]) {
    await queue.put(orderOf({ body }));
    const task = await mustClaim(queue);
    assert.ok(task.body);
    const expected = Buffer.isBuffer(body) ? body : bytes;
    assert.ok(expected.equals(await buffer(task.body())));
    assert.ok(expected.equals(await buffer(task.body())), 'again');
    await queue.settle(task, { type: 'done' });
  }
});

test('a task for later waits until it is due', async (t) => {
  const { open, worlds } = rig(t);
  const world = worlds.begin();
  const queue = await open(world);
  await queue.put(orderOf({ at: world.now() + 90_000 }));
  assert.equal(await queue.claim(), null);
  assert.deepEqual(await queue.counts(), {
    ...{ waiting: 0, delayed: 1, in_progress: 0, failed: 0 },
    oldest_age_s: null,
    paused: false,
  });
  worlds.pass(90_001);
  assert.equal((await mustClaim(queue)).attempt, 1);
});

test('a task that fails is tried again later, each time after twice as long', async (t) => {
  const { open, worlds } = rig(t);
  const queue = await open();
  await queue.put(orderOf({ backoff: 1000, retries: 2 }));
  for (const wait of [750, 1500]) {
    const task = await mustClaim(queue);
    assert.equal(await queue.settle(task, { type: 'failed', error: 'no paint' }), 'retried');
    worlds.pass(wait - 1);
    assert.equal(await queue.claim(), null, `before ${wait} ms`);
    worlds.pass(1);
  }
  assert.equal((await mustClaim(queue)).attempt, 3);
});

test('a task out of retries is kept with what went wrong in each run', async (t) => {
  const { open, worlds, folder } = rig(t);
  const queue = await open();
  const { id } = await queue.put(orderOf({ retries: 1, dedupeKey: 'a' }));
  await queue.settle(await mustClaim(queue), { type: 'failed', error: 'no paint' });
  worlds.pass(1000);
  const second = await mustClaim(queue);
  assert.equal(await queue.settle(second, { type: 'failed', error: 'no cat' }), 'failed');
  const text = readFileSync(path.join(folder, 'failed', `${id}.json`), 'utf8');
  const { name, runs } = JSON.parse(text) as {
    name: string;
    runs: { run: number; error: string }[];
  };
  assert.equal(name, 'paint');
  assert.deepEqual(
    runs.map(({ run, error }) => [run, error]),
    [
      [1, 'no paint'],
      [2, 'no cat'],
    ],
  );
  assert.equal((await queue.counts()).failed, 1);
  assert.equal(await queue.claim(), null);
  assert.ok((await queue.put(orderOf({ dedupeKey: 'a' }))).isNew, 'its key is free');
});

test('a task that is returned is offered again at once, and the run does not count', async (t) => {
  const { open } = rig(t);
  const queue = await open();
  await queue.put(orderOf({ payload: '1' }));
  await queue.put(orderOf({ payload: '2' }));
  const task = await mustClaim(queue);
  assert.equal(await queue.settle(task, { type: 'returned' }), 'returned');
  const again = await mustClaim(queue);
  assert.deepEqual([again.payload, again.attempt], [1, 1]);
});

test('what a dead process had is offered again, and the run counts', async (t) => {
  const { open, worlds } = rig(t);
  const dying = worlds.begin();
  const [first, second] = [await open(dying), await open()];
  await first.put(orderOf());
  await mustClaim(first);
  assert.equal(await second.recover(), 0, 'while it lives');
  worlds.kill(dying);
  assert.equal(await second.recover(), 1);
  assert.equal((await mustClaim(second)).attempt, 2);
});

test('a task whose cut runs used up its retries is kept among the failed ones', async (t) => {
  const { open, worlds, folder } = rig(t);
  const dying = worlds.begin();
  const [first, second] = [await open(dying), await open()];
  const { id } = await first.put(orderOf({ retries: 0 }));
  await mustClaim(first);
  worlds.kill(dying);
  assert.equal(await second.recover(), 1);
  assert.equal(await second.claim(), null);
  assert.match(readFileSync(path.join(folder, 'failed', `${id}.json`), 'utf8'), /died in this run/);
});

test('a key keeps a second task out while the first waits or runs', async (t) => {
  const { open } = rig(t);
  const queue = await open();
  const { id } = await queue.put(orderOf({ dedupeKey: 'a' }));
  assert.deepEqual(await queue.put(orderOf({ dedupeKey: 'a' })), { id, isNew: false });
  const task = await mustClaim(queue);
  assert.deepEqual(await queue.put(orderOf({ dedupeKey: 'a' })), { id, isNew: false });
  await queue.settle(task, { type: 'done' });
  assert.ok((await queue.put(orderOf({ dedupeKey: 'a' }))).isNew);
});

test('of many puts with one key at once, one is new and all name it', async (t) => {
  const { open } = rig(t);
  const [first, second] = [await open(), await open()];
  const puts = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      (n % 2 === 0 ? first : second).put(orderOf({ dedupeKey: 'a' })),
    ),
  );
  assert.equal(puts.filter((each) => each.isNew).length, 1);
  assert.equal(new Set(puts.map((each) => each.id)).size, 1);
  assert.equal((await runAll(first)).length, 1);
});

test('a damaged task is put aside with the reason, frees its key, and the next one runs', async (t) => {
  const { open, folder } = rig(t);
  const queue = await open();
  await queue.put(orderOf({ payload: '1', dedupeKey: 'a' }));
  await queue.put(orderOf({ payload: '2' }));
  const [file = ''] = filesBelow(folder).filter((name) => name.startsWith('ready'));
  const text = readFileSync(path.join(folder, file), 'latin1');
  writeFileSync(path.join(folder, file), text.replace('"payload":1', '"payload":3'));
  assert.deepEqual(await runAll(queue), [2]);
  const [task = '', why = ''] = readdirSync(path.join(folder, 'quarantine'));
  assert.equal(why, `${task}.why`);
  assert.match(readFileSync(path.join(folder, 'quarantine', why), 'utf8'), /digest does not fit/);
  assert.ok((await queue.put(orderOf({ dedupeKey: 'a' }))).isNew);
});

test('whoever watches is told of a task that another process puts in', async (t) => {
  const { open } = rig(t);
  const [putting, watching] = [await open(), await open()];
  let calls = 0;
  const stop = watching.watch(() => calls++);
  t.after(stop);
  await eventually('a call', async () => {
    await putting.put(orderOf());
    return calls > 0;
  });
});

test('one that is closed refuses and leaves no folder of its own', async (t) => {
  const { open, folder, worlds } = rig(t);
  const world = worlds.begin();
  const queue = await open(world);
  await queue.put(orderOf());
  await runAll(queue);
  await queue.close();
  assert.ok(!existsSync(path.join(folder, 'claimed', world.owners.self)));
  await assert.rejects(queue.claim(), { name: 'QueueError', code: 'closed' });
});
