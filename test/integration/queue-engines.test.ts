import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, test, type TestContext } from 'node:test';
import type { Queue } from '../../server/queue/contract.js';
import { openQueue } from '../../server/queue/open.js';
import { eventually } from '../support/eventually.js';
import { ENGINES } from '../support/queue-engines.js';
import { mustClaim, orderOf, runAll } from '../support/queue-orders.js';

/** Opens one queue, as often as it is asked to. */
type Opener = () => Promise<Queue>;

for (const { name, skip, site } of ENGINES) {
  const rig = async (t: TestContext): Promise<Opener> => {
    const { place: where } = await site(t);
    return async () => {
      const queue = await openQueue(where, { ordered: false });
      t.after(() => queue.close());
      return queue;
    };
  };

  describe(`a queue in ${name}`, { skip, timeout: 120_000 }, () => {
    test('gives a task with all that was said of it, and to one only', async (t) => {
      const open = await rig(t);
      const [queue, other] = [await open(), await open()];
      const { id, isNew } = await queue.put(orderOf({ timeout: 500, priority: 2 }));
      assert.ok(isNew);
      const task = await mustClaim(queue);
      const { order } = task;
      assert.deepEqual(
        [task.id, task.name, task.payload, task.attempt, task.body],
        [id, 'paint', { cat: 1 }, 1, null],
      );
      assert.deepEqual(order, {
        ...{ priority: 2, retries: 3, backoff: 1000, timeout: 500, dedupeKey: null },
      });
      assert.ok(Math.abs(task.spooledAt - Date.now()) < 60_000);
      assert.equal(await other.claim(), null);
      assert.equal(await queue.settle(task, { type: 'done' }), 'done');
      await assert.rejects(queue.settle(task, { type: 'done' }), { code: 'not claimed' });
    });

    test('gives tasks by priority, and in the order of their putting in', async (t) => {
      const queue = await (await rig(t))();
      for (const [cat, priority] of [5, 1, 5, 0, 1].entries()) {
        await queue.put(orderOf({ payload: String(cat), priority }));
      }
      assert.deepEqual(await runAll(queue), [3, 1, 4, 0, 2]);
    });

    test('never gives a task to two', async (t) => {
      const open = await rig(t);
      const [first, second] = [await open(), await open()];
      for (let cat = 0; cat < 20; cat++) await first.put(orderOf({ payload: String(cat) }));
      const claimed = await Promise.all(
        Array.from({ length: 24 }, (_, n) => (n % 2 === 0 ? first : second).claim()),
      );
      const ids = claimed.flatMap((task) => task?.id ?? []);
      assert.equal(ids.length, 20);
      assert.equal(new Set(ids).size, 20);
    });

    test('gives a body of either kind back byte for byte, as often as it is asked for', async (t) => {
      const queue = await (await rig(t))();
      const bytes = Buffer.from(Array.from({ length: 3_000_001 }, (_, n) => n % 251));
      const pieces = [bytes.subarray(0, 10), bytes.subarray(10, 2_000_000)];
      pieces.push(bytes.subarray(2_000_000));
      for (const body of [bytes, Readable.from(pieces), Buffer.alloc(0)]) {
        await queue.put(orderOf({ body }));
        const task = await mustClaim(queue);
        const expected = Buffer.isBuffer(body) ? body : bytes;
        for (let time = 0; time < 2; time++) {
          assert.ok(task.body !== null);
          assert.ok((await buffer(task.body())).equals(expected));
        }
        await queue.settle(task, { type: 'done' });
      }
    });

    test('refuses a body that fails on its way, and never runs its task', async (t) => {
      const queue = await (await rig(t))();
      const body = Readable.from(
        (function* () {
          yield Buffer.alloc(100);
          throw new Error('the client went away');
        })(),
      );
      await assert.rejects(queue.put(orderOf({ body })), { code: 'body' });
      assert.equal(await queue.claim(), null);
    });

    test('refuses what is no task', async (t) => {
      const queue = await (await rig(t))();
      await assert.rejects(
        queue.put(orderOf({ priority: 10 })),
        /priority 10: give a whole number/,
      );
      await assert.rejects(queue.put(orderOf({ payload: '{' })), { code: 'invalid' });
    });

    test('keeps a task for later until it is due', async (t) => {
      const queue = await (await rig(t))();
      const at = Date.now() + 1000;
      await queue.put(orderOf({ payload: '"tomorrow"', at: at + 86_400_000 }));
      await queue.put(orderOf({ payload: '"soon"', at }));
      const task = await eventually('it to be due', () => queue.claim());
      assert.ok(Date.now() >= at, 'it was not given before');
      assert.equal(task.payload, 'soon');
      assert.equal(await queue.claim(), null);
      const { waiting, delayed } = await queue.counts();
      assert.deepEqual([waiting, delayed], [0, 1]);
    });

    test('gives a task that failed again, until its retries are used up', async (t) => {
      const queue = await (await rig(t))();
      await queue.put(orderOf({ retries: 1, backoff: 40 }));
      const first = await mustClaim(queue);
      const failed = { type: 'failed', error: 'no paint\nat the wall' } as const;
      assert.equal(await queue.settle(first, failed), 'retried');
      const second = await eventually('the retry', () => queue.claim());
      assert.deepEqual([second.id, second.attempt], [first.id, 2]);
      assert.equal(await queue.settle(second, failed), 'failed');
      assert.equal(await queue.claim(), null);
      const { waiting, delayed, in_progress, failed: kept } = await queue.counts();
      assert.deepEqual([waiting, delayed, in_progress, kept], [0, 0, 0, 1]);
    });

    test('gives a task that was returned again at once, and the run does not count', async (t) => {
      const queue = await (await rig(t))();
      await queue.put(orderOf({ payload: '1' }));
      await queue.put(orderOf({ payload: '2' }));
      const task = await mustClaim(queue);
      assert.equal(await queue.settle(task, { type: 'returned' }), 'returned');
      const again = await mustClaim(queue);
      assert.deepEqual([again.id, again.attempt], [task.id, 1]);
    });

    test('keeps a second task with a key out while the first waits or runs', async (t) => {
      const open = await rig(t);
      const [queue, other] = [await open(), await open()];
      const order = orderOf({ dedupeKey: 'the: red one', retries: 0 });
      const { id } = await queue.put(order);
      assert.deepEqual(await other.put(order), { id, isNew: false });
      const task = await mustClaim(queue);
      assert.deepEqual(await other.put({ ...order, body: Buffer.alloc(9) }), { id, isNew: false });
      await queue.settle(task, { type: 'failed', error: 'no' });
      const next = await other.put(order);
      assert.ok(next.isNew, 'it failed for good');
      await queue.settle(await mustClaim(queue), { type: 'done' });
      assert.ok((await other.put(order)).isNew, 'it is done');
    });

    test('takes one of many with one key that are put in at once', async (t) => {
      const open = await rig(t);
      const queues = [await open(), await open()];
      const order = orderOf({ dedupeKey: 'a', body: Buffer.alloc(10) });
      const told = await Promise.all(
        Array.from({ length: 16 }, (_, n) => queues[n % 2]!.put(order)),
      );
      assert.equal(told.filter(({ isNew }) => isNew).length, 1);
      assert.equal(new Set(told.map(({ id }) => id)).size, 1);
    });

    test('says since when the oldest task has waited', async (t) => {
      const queue = await (await rig(t))();
      assert.equal((await queue.counts()).oldest_age_s, null);
      await queue.put(orderOf({ priority: 9 }));
      await eventually('its age to grow', async () => {
        const { waiting, oldest_age_s: age } = await queue.counts();
        return waiting === 1 && age !== null && age > 0.05 && age < 60;
      });
    });

    test('tells whoever watches of a task that another puts in, and of one that is due', async (t) => {
      const open = await rig(t);
      const [queue, other] = [await open(), await open()];
      let told = 0;
      queue.watch(() => told++);
      await eventually('it to be told', async () => {
        await other.put(orderOf());
        return told > 0;
      });
      await runAll(queue);
      await other.put(orderOf({ at: Date.now() + 1000 }));
      assert.equal(await queue.claim(), null);
      const before = told;
      await eventually('the time to come', () => told > before);
      await eventually('the task', () => queue.claim());
    });

    test('refuses what is asked of it after it was closed', async (t) => {
      const queue = await (await rig(t))();
      await queue.close();
      await assert.rejects(queue.put(orderOf()), { code: 'closed' });
      await assert.rejects(queue.claim(), { code: 'closed' });
    });
  });
}
