import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, test, type TestContext } from 'node:test';
import { openQueue } from '../../server/queue/open.js';
import { eventually } from '../support/eventually.js';
import { mustClaim, orderOf, runAll } from '../support/queue-orders.js';
import { NO_REDIS, type RedisServer, startRedis } from '../support/redis.js';
import { ROOT } from '../support/server.js';

const PASSWORD = 'purr-on-the-roof';
const ENV = { TSUWSGI_REDIS_PASSWORD: PASSWORD };

/** What docs/queue-redis.md says that an access list needs, as it stands there. */
function documentedRules(): string[] {
  const page = readFileSync(path.join(ROOT, 'docs/queue-redis.md'), 'utf8').replaceAll('\n', ' ');
  const [, keys, channels, commands] =
    /access list needs `(~\S+)`, `(&\S+)` and .*?simplest `([^`]+)`/.exec(page) ?? [];
  assert.ok(keys !== undefined && channels !== undefined && commands !== undefined, page);
  return [keys, channels, ...commands.split(' ')];
}

/** A Redis for one user, and nobody else. */
async function redisFor(t: TestContext, rules: readonly string[]): Promise<RedisServer> {
  const user = ['--user', 'cat', 'on', `>${PASSWORD}`, ...rules];
  return startRedis(t, [...user, '--user', 'default', 'off']);
}

const placeIn = ({ port }: RedisServer): string => `redis://cat@127.0.0.1:${port}#cats`;

describe('a user of a Redis with an access list', { skip: NO_REDIS, timeout: 120_000 }, () => {
  test('may do all that a queue needs by the rules in the docs', async (t) => {
    const place = placeIn(await redisFor(t, documentedRules()));
    const queue = await openQueue(place, { ordered: false }, ENV);
    t.after(() => queue.close());
    let told = 0;
    t.after(queue.watch(() => told++));
    await eventually('the bell', async () => {
      await queue.put(
        orderOf({ body: Buffer.from('red'), dedupeKey: 'a', retries: 1, backoff: 0 }),
      );
      return told > 0;
    });
    const task = await mustClaim(queue);
    assert.ok(task.body !== null);
    assert.equal(String(await buffer(task.body())), 'red');
    assert.equal(await queue.settle(task, { type: 'returned' }), 'returned');
    const error = 'no paint';
    assert.equal(await queue.settle(await mustClaim(queue), { type: 'failed', error }), 'retried');
    const again = await eventually('the retry', () => queue.claim());
    assert.equal(await queue.settle(again, { type: 'failed', error }), 'failed');
    for (const state of ['waiting', 'delayed', 'running', 'failed'] as const) {
      assert.equal((await queue.list(state, 9)).length, state === 'failed' ? 1 : 0);
    }
    assert.equal((await queue.show(task.id))?.failures.length, 2);
    const later = await queue.put(orderOf({ at: Date.now() + 3_600_000 }));
    assert.equal(await queue.drop(later.id), 'done');
    await queue.pause(true);
    assert.equal(await queue.retry(task.id), 'done');
    await queue.pause(false);
    assert.equal((await runAll(queue)).length, 1);
    assert.equal((await queue.counts()).waiting, 0);
  });

  test('may take up what a dead spooler had', async (t) => {
    const place = placeIn(await redisFor(t, documentedRules()));
    const queue = await openQueue(place, { ordered: false }, ENV);
    t.after(() => queue.close());
    await queue.put(orderOf());
    const script = path.join(import.meta.dirname, '../support/queue-claimer.js');
    const child = spawn(process.execPath, [script, place], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...ENV },
    });
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    const task = await eventually('it to be offered', async () => {
      await queue.recover();
      return queue.claim();
    });
    assert.equal(task.attempt, 2);
  });

  test('is told what is missing where it may not do enough', async (t) => {
    const rules = ['~dogs:*', '&tsuwsgi:*', '+@all'];
    const place = placeIn(await redisFor(t, rules));
    await assert.rejects(
      openQueue(place, { ordered: false }, ENV),
      /NOPERM.*: give it all commands on the keys and channels tsuwsgi:\*/,
    );
  });
});
