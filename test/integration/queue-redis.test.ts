import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import type { Queue } from '../../server/queue/contract.js';
import { openRedisQueue } from '../../server/queue/redis/open.js';
import { eventually } from '../support/eventually.js';
import { mustClaim, orderOf, runAll } from '../support/queue-orders.js';
import {
  keepLocks,
  keysOfTasks,
  NO_REDIS,
  type RedisServer,
  startRedis,
} from '../support/redis.js';
import { tcpServer } from '../support/stats-servers.js';

const OPTIONS = { skip: NO_REDIS, timeout: 120_000 };

async function open(t: TestContext, redis: RedisServer, name = 'cats'): Promise<Queue> {
  const queue = await openRedisQueue(redis.url(name), {}, {});
  t.after(() => queue.close());
  return queue;
}

async function rig(t: TestContext): Promise<{ redis: RedisServer; queue: Queue }> {
  const redis = await startRedis(t);
  return { redis, queue: await open(t, redis) };
}

/** A process that has claimed a task and does nothing more. */
async function claimElsewhere(t: TestContext, redis: RedisServer): Promise<ChildProcess> {
  const script = path.join(import.meta.dirname, '../support/queue-claimer.js');
  const child = spawn(process.execPath, [script, redis.url('cats')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'close');
}

describe('a task in a Redis', OPTIONS, () => {
  test('leaves no key behind when it is done, was dropped or was refused', async (t) => {
    const { redis, queue } = await rig(t);
    const order = orderOf({ dedupeKey: 'a', body: Buffer.alloc(2_000_000), retries: 0 });
    await queue.put(order);
    await queue.put(order);
    await runAll(queue);
    const { id } = await queue.put(order);
    assert.equal(await queue.drop(id), 'done');
    await queue.put(order);
    await queue.settle(await mustClaim(queue), { type: 'failed', error: 'no' });
    const [failed] = await queue.list('failed', 10);
    assert.equal(await queue.drop(failed?.id ?? ''), 'done');
    assert.deepEqual(await keysOfTasks(redis), []);
  });

  test('of a process that died is offered again before its lock has run out, and the run counts', async (t) => {
    const { redis, queue } = await rig(t);
    await queue.put(orderOf({ retries: 1 }));
    const child = await claimElsewhere(t, redis);
    assert.equal(await queue.recover(), 0);
    await kill(child);
    const killedAt = performance.now();
    await keepLocks(redis);
    const task = await eventually('it to be offered', async () => {
      await queue.recover();
      return queue.claim();
    });
    t.diagnostic(`after ${(performance.now() - killedAt).toFixed(0)} ms`);
    assert.equal(task.attempt, 2);
  });

  test('whose cut runs used up its retries is kept among the failed ones', async (t) => {
    const { redis, queue } = await rig(t);
    const { id } = await queue.put(orderOf({ retries: 0 }));
    await kill(await claimElsewhere(t, redis));
    await eventually('it to be given up', async () => {
      await queue.recover();
      assert.equal(await queue.claim(), null);
      return (await queue.counts()).failed === 1;
    });
    const shown = await queue.show(id);
    assert.deepEqual(
      shown?.failures.map(({ attempt, error }) => [attempt, error]),
      [[1, 'its spooler died in run 1']],
    );
  });

  test('that something else has put in is kept among the failed ones', async (t) => {
    const { redis, queue } = await rig(t);
    await queue.put(orderOf());
    const [id] = await redis.client.zrange('tsuwsgi:{cats}:prioritized', '0', '0');
    await redis.client.hset(`tsuwsgi:{cats}:${id ?? ''}`, 'data', '{"cat":1}');
    assert.equal(await queue.claim(), null);
    assert.equal((await queue.counts()).failed, 1);
  });

  test('is listed, shown, retried and dropped', async (t) => {
    const { queue } = await rig(t);
    const put = async (cat: number, more: object): Promise<string> =>
      (await queue.put(orderOf({ payload: String(cat), retries: 0, ...more }))).id;
    const first = await put(1, { priority: 3, body: Buffer.alloc(7), dedupeKey: 'one' });
    const error = 'no paint\nat the wall';
    await queue.settle(await mustClaim(queue), { type: 'failed', error });
    const later = await put(2, { at: Date.now() + 3_600_000 });
    const waiting = [await put(3, {}), await put(4, {})];
    const idsOf = async (state: 'waiting' | 'delayed' | 'running' | 'failed') =>
      (await queue.list(state, 10)).map(({ id }) => id);
    assert.deepEqual(await idsOf('waiting'), waiting);
    assert.deepEqual(await idsOf('delayed'), [later]);
    assert.deepEqual(await idsOf('failed'), [first]);
    const shown = await queue.show(first);
    assert.deepEqual(
      [shown?.state, shown?.payload, shown?.bodyLength, shown?.dedupeKey, shown?.priority],
      ['failed', 1, 7, 'one', 3],
    );
    assert.deepEqual([shown?.attempts, shown?.failures[0]?.error], [1, error]);
    assert.equal(await queue.retry(first), 'done');
    assert.equal(await queue.retry(later), 'done');
    const running = await mustClaim(queue);
    assert.deepEqual([running.id, running.attempt], [first, 1]);
    assert.deepEqual(await idsOf('running'), [first]);
    assert.equal(await queue.drop(first), 'running');
    assert.equal(await queue.drop(later), 'done');
    assert.equal(await queue.drop(later), 'unknown');
    assert.equal(await queue.show('../meta'), null);
    assert.deepEqual(await runAll(queue), [3, 4]);
  });

  test('waits while the queue is paused, in all processes', async (t) => {
    const { redis, queue } = await rig(t);
    await queue.put(orderOf());
    await queue.pause(true);
    const other = await open(t, redis);
    assert.equal(await other.claim(), null);
    assert.equal((await other.counts()).paused, true);
    await other.pause(false);
    assert.equal((await queue.counts()).paused, false);
    assert.equal((await runAll(queue)).length, 1);
  });
});

describe('a Redis that is away', OPTIONS, () => {
  test('has a put wait until it is back, and runs what was put in once', async (t) => {
    const { redis, queue } = await rig(t);
    await queue.put(orderOf({ payload: '1' }));
    await redis.stop('SIGKILL');
    await assert.rejects(queue.claim(), /see that it runs and can be reached/);
    const put = queue.put(orderOf({ payload: '2' }));
    await redis.start();
    assert.ok((await put).isNew);
    assert.deepEqual(await runAll(queue), [1, 2]);
    assert.deepEqual(await keysOfTasks(redis), []);
  });

  test('is waited for by whoever opens a queue, also when it goes in the middle of that', async (t) => {
    const { redis } = await rig(t);
    let cuts = 0;
    await using door = await tcpServer((socket) => {
      const inside = connect(redis.port, '127.0.0.1');
      inside.on('error', () => undefined);
      socket.on('close', () => inside.destroy());
      inside.pipe(socket);
      socket.on('data', (bytes: Buffer) => {
        if (cuts === 0 && bytes.includes('setnx')) {
          cuts++;
          socket.destroy();
        } else inside.write(bytes);
      });
    });
    const queue = await openRedisQueue(`redis://127.0.0.1:${door.port}#dogs`, {}, {});
    const { waiting } = await queue.counts();
    await queue.close();
    assert.deepEqual([waiting, cuts], [0, 1]);
  });

  test('for too long has a put refused, and that task never runs', async (t) => {
    const { redis, queue } = await rig(t);
    await redis.stop('SHUTDOWN');
    const begun = performance.now();
    await assert.rejects(queue.put(orderOf()), { code: 'io' });
    assert.ok(performance.now() - begun >= 9900, 'it had ten seconds to come back');
    await redis.start();
    await eventually('it to be back', async () => (await queue.counts()).waiting === 0);
    assert.equal(await queue.claim(), null);
  });

  test('longer than a lock lasts takes no running task from its process', async (t) => {
    const { redis, queue } = await rig(t);
    await queue.put(orderOf());
    const task = await mustClaim(queue);
    await redis.stop('SHUTDOWN');
    // As if it had been away for long: the lock is gone when it is back.
    await redis.start();
    await redis.client.del(`tsuwsgi:{cats}:${task.id}:lock`);
    const other = await open(t, redis);
    await eventually('its lock to be renewed', async () => {
      assert.equal(await other.recover(), 0, 'it is not taken');
      return (await redis.client.exists(`tsuwsgi:{cats}:${task.id}:lock`)) === 1;
    });
    assert.equal(await queue.settle(task, { type: 'done' }), 'done');
  });
});

test('a Redis of another user says so, and no error carries its password', OPTIONS, async (t) => {
  const redis = await startRedis(t, ['--requirepass', 'purr-purr']);
  for (const [env, why] of [
    [{}, /NOAUTH.*give --spooler-redis-password-file/],
    [{ TSUWSGI_REDIS_PASSWORD: 'hiss-hiss' }, /WRONGPASS.*give --spooler-redis-password-file/],
  ] as const) {
    const opening = openRedisQueue(redis.url('cats'), {}, env);
    await assert.rejects(opening, (error: Error) => {
      assert.match(error.message, why);
      assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /hiss-hiss/);
      return true;
    });
  }
});

test(
  'a queue of another format, and a Redis that throws tasks away, are refused',
  OPTIONS,
  async (t) => {
    const { redis } = await rig(t);
    await redis.client.set('tsuwsgi:{dogs}:format', '2');
    await assert.rejects(open(t, redis, 'dogs'), /it has format 2, and this tsuwsgi writes 1/);
    await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await redis.client.config('SET', 'maxmemory', '100mb');
    await assert.rejects(open(t, redis), /set maxmemory-policy noeviction/);
  },
);
