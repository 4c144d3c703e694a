import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../support/folder.js';
import { keepLocks, NO_REDIS, type RedisServer, startRedis } from '../support/redis.js';
import { type Spooling, startSpooling } from '../support/spooling.js';

const PASSWORD = 'purr-under-the-table';

interface Rig {
  readonly redis: RedisServer;
  readonly spooling: Spooling;
}

/** A server whose queue is in a Redis that takes a password, from a file. */
async function rig(t: TestContext, args: readonly string[] = []): Promise<Rig> {
  const redis = await startRedis(t, ['--requirepass', PASSWORD]);
  const file = path.join(makeFolder(t, { pw: `${PASSWORD}\n` }), 'pw');
  const spooling = startSpooling(t, ['--spooler-redis-password-file', file, ...args], {
    queue: redis.url('cats'),
  });
  return { redis, spooling };
}

describe('a spooler of a queue in a Redis', { skip: NO_REDIS, timeout: 120_000 }, () => {
  test('runs what an application has spooled, and the password is seen nowhere', async (t) => {
    const { redis, spooling } = await rig(t);
    await spooling.server.ready();
    await spooling.spoolInside('note', { what: 'cat' });
    await spooling.noted('ran cat 1');
    const done = await spooling.until('it to be done', (one) => one.done === 1);
    assert.equal(done.queue, `redis://127.0.0.1:${redis.port}/0#cats`);
    const stats = await spooling.server.stats();
    assert.ok(!JSON.stringify(stats).includes(PASSWORD), 'in the stats');
    assert.ok(!spooling.server.output.includes(PASSWORD), 'in the log');
    for (const pid of [spooling.server.pid, done.pid, ...stats.workers.map((one) => one.pid)]) {
      for (const file of ['cmdline', 'environ']) {
        assert.ok(!readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(PASSWORD), file);
      }
    }
  });

  test('that is killed has its task run again before its lock has run out', async (t) => {
    const { redis, spooling } = await rig(t);
    const first = await spooling.pid();
    await spooling.spoolInside('hold', { what: 'cat' });
    await spooling.noted('began cat 1');
    process.kill(first, 'SIGKILL');
    const killedAt = performance.now();
    await keepLocks(redis);
    await spooling.noted('began cat 2');
    t.diagnostic(`after ${(performance.now() - killedAt).toFixed(0)} ms`);
    spooling.letGo();
    await spooling.noted('ended cat 2');
  });

  test('keeps a task that blocks its event loop for longer than a lock lasts', async (t) => {
    const { spooling } = await rig(t, ['--spooler-processes', '2', '--spooler-harakiri', '9']);
    await spooling.pid();
    await spooling.spoolInside('block', { what: 'cat' });
    await spooling.noted('began cat 2');
    assert.match(spooling.server.output, /HARAKIRI ON spooler/);
  });

  test('goes on when the Redis comes back, and says that it was away', async (t) => {
    const { redis, spooling } = await rig(t, ['--spooler-frequency', '0.2']);
    await spooling.pid();
    await spooling.spoolInside('hold', { what: 'old' });
    await spooling.noted('began old 1');
    await redis.stop('SIGKILL');
    await spooling.server.logged(/queue redis:.*see that it runs and can be reached/);
    spooling.letGo();
    await redis.start();
    await spooling.spoolInside('note', { what: 'new' });
    await spooling.noted('ended old 1', 'ran new 1');
    const { tasks } = await spooling.until('both to be done', (one) => one.done === 2);
    assert.equal(tasks, 2);
    const said = spooling.server.output.split('\n').filter((line) => line.includes('redis://'));
    assert.ok(said.length < 20, said.join('\n'));
  });
});

test('a queue in a Redis without its libraries says what to install', async (t) => {
  // Where this copy lies, no packages are found.
  const folder = makeFolder(t, { 'package.json': '{"type": "module"}' });
  for (const part of ['server/queue', 'server/problems', 'shared']) {
    const from = fileURLToPath(new URL(`../../${part}`, import.meta.url));
    cpSync(from, path.join(folder, part), { recursive: true });
  }
  const loaded = (await import(path.join(folder, 'server/queue/redis/libraries.js'))) as {
    loadRedisLibraries: () => Promise<unknown>;
  };
  await assert.rejects(loaded.loadRedisLibraries(), /npm install bullmq@6 ioredis@6/);
});
