import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { openQueue } from '../../server/queue/open.js';
import type { Queue } from '../../server/queue/contract.js';
import { makeFolder } from '../support/folder.js';
import { mustClaim, orderOf, runAll } from '../support/queue-orders.js';
import { NO_REDIS, type RedisServer, startRedis } from '../support/redis.js';
import { ROOT } from '../support/server.js';
import { runSpoolIn as run } from '../support/spool-command.js';

const MAIN = path.join(ROOT, 'dist/server/main.js');
const SPOOLER = pathToFileURL(path.join(ROOT, 'dist/server/spooler/index.packed.js')).href;
const PASSWORD = 'purr-behind-the-sofa';

async function queueIn(t: TestContext, redis: RedisServer, name = 'cats'): Promise<Queue> {
  const queue = await openQueue(redis.url(name), { ordered: false });
  t.after(() => queue.close());
  return queue;
}

async function fail(queue: Queue): Promise<void> {
  await queue.put(orderOf({ retries: 0 }));
  await queue.settle(await mustClaim(queue), { type: 'failed', error: 'no paint' });
}

describe('tsuwsgi spool and a queue in a Redis', { skip: NO_REDIS, timeout: 120_000 }, () => {
  test('puts tasks in, and spoolers find what was said of them', async (t) => {
    const redis = await startRedis(t);
    const place = redis.url('cats');
    const first = await run(place, ['q', 'paint', '{"cat":1}', '--key', 'a', '--body', '-'], {
      input: 'red',
    });
    const again = await run(place, ['q', 'paint', '--key', 'a']);
    assert.deepEqual([again.code, again.printed], [0, first.printed]);
    assert.match(again.told, /a task with the key "a" is there/);
    const later = await run(place, ['q', 'paint', '--delay', '60', '--priority', '2']);
    const queue = await queueIn(t, redis);
    assert.equal((await queue.show(later.printed))?.state, 'delayed');
    const task = await mustClaim(queue);
    assert.deepEqual([task.id, task.payload], [first.printed, { cat: 1 }]);
    const refused = await run(place, ['q', 'paint', '-'], { input: '{' });
    assert.deepEqual([refused.code, refused.printed], [1, '']);
  });

  test('finds a queue by its database, its name, and the usual name', async (t) => {
    const redis = await startRedis(t);
    const at = `redis://127.0.0.1:${redis.port}`;
    const places = [at, `${at}/3`, `${at}#cats`, `${at}/3#cats`, `${at}/4#cats`];
    for (const [index, place] of places.entries()) {
      const { code, told } = await run(place, ['q', 'paint', String(index)]);
      assert.equal(code, 0, told);
    }
    for (const [index, place] of [`${at}/0#tasks`, ...places.slice(1)].entries()) {
      const queue = await openQueue(place, { ordered: false });
      t.after(() => queue.close());
      assert.deepEqual(await runAll(queue), [index]);
    }
  });

  test('lists, shows, retries, drops, pauses and counts', async (t) => {
    const redis = await startRedis(t);
    const queue = await queueIn(t, redis);
    const place = redis.url('cats');
    for (let count = 0; count < 3; count++) await fail(queue);
    const [entry] = await queue.list('failed', 1);
    const id = entry?.id ?? '';
    assert.equal((await run(place, ['--pause', 'q'])).code, 0);
    const listed = await run(place, ['--list', 'q', '--most', '2']);
    assert.match(listed.printed, new RegExp(`^${id}  failed .* paint$`, 'm'));
    assert.match(listed.told, /paused: --resume.*\n1 more failed/s);
    assert.match((await run(place, ['--show', 'q', id])).printed, /^run 1 failed.*\n {4}no paint/m);
    assert.equal((await run(place, ['--retry', 'q', id])).printed, `${id} offered again`);
    assert.match((await run(place, ['--counts', 'q'])).printed, /^waiting {2}1\n[^]*paused {3}yes/);
    assert.equal(
      (await run(place, ['--drop', 'q', '--all', '--yes'])).printed.split('\n').length,
      2,
    );
    assert.equal((await run(place, ['--resume', 'q'])).code, 0);
    assert.equal((await mustClaim(queue)).id, id);
    const running = await run(place, ['--drop', 'q', id]);
    assert.deepEqual([running.code, running.printed], [1, '']);
    assert.match(running.told, /is running: nobody else may touch it/);
  });

  test('retries all that failed, and all that is for later', async (t) => {
    const redis = await startRedis(t);
    const queue = await queueIn(t, redis);
    await fail(queue);
    await queue.put(orderOf({ at: Date.now() + 3_600_000 }));
    for (const more of [[], ['--state', 'delayed']]) {
      const { code, told } = await run(redis.url('cats'), ['--retry', 'q', '--all', ...more]);
      assert.equal(code, 0, told);
    }
    assert.equal((await runAll(queue)).length, 2);
  });

  test('makes no queue by looking for one', async (t) => {
    const redis = await startRedis(t);
    for (const words of [['--list'], ['--show', '1'], ['--drop', '1'], ['--pause']]) {
      const [option = '', ...rest] = words;
      const { code, told } = await run(redis.url('dogs'), [option, 'q', ...rest]);
      assert.equal(code, 1);
      assert.match(told, /#dogs: nobody has made it yet: name the queue of a --spooler/);
    }
    assert.deepEqual(await redis.client.keys('*'), []);
  });

  test('is let in by a password in a file, or in the environment, and shows neither', async (t) => {
    const redis = await startRedis(t, ['--requirepass', PASSWORD]);
    const folder = makeFolder(t, { pw: `${PASSWORD}\n`, wrong: 'hiss-hiss\n' });
    const spool = (args: readonly string[], env = {}): readonly (string | number | null)[] => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'spool', ...args], {
        ...{ encoding: 'utf8', timeout: 60_000, cwd: folder, env: { ...process.env, ...env } },
      });
      return [status, stdout, stderr];
    };
    const [code, id, told] = spool([redis.url('cats'), 'paint', '--password-file', 'pw']);
    assert.deepEqual([code, told], [0, '']);
    const list = ['--list', redis.url('cats')];
    const byEnvironment = spool([...list, '--json'], { TSUWSGI_REDIS_PASSWORD: PASSWORD });
    assert.deepEqual([byEnvironment[0], byEnvironment[2]], [0, '']);
    assert.ok(String(byEnvironment[1]).includes(String(id).trim()));
    // What is said on the command line comes before what is in the environment.
    const wrong = spool([...list, '--password-file', 'wrong'], {
      TSUWSGI_REDIS_PASSWORD: PASSWORD,
    });
    assert.equal(wrong[0], 1);
    assert.match(String(wrong[2]), /WRONGPASS.*tsuwsgi spool: --password-file FILE/);
    assert.doesNotMatch(String(wrong[2]), /hiss-hiss|purr/);
    const missing = spool([...list, '--password-file', 'none']);
    assert.equal(missing[0], 1);
    assert.match(String(missing[2]), /the password of Redis: .*none/);
  });
});

/** A script that spools, reads standard input to its end, and may spool once more. */
function startScript(
  t: TestContext,
  place: string,
  then = '',
): ChildProcessByStdio<Writable, Readable, Readable> {
  const code = `
    import { spool } from ${JSON.stringify(SPOOLER)};
    const paint = () => spool('paint', null, { queue: ${JSON.stringify(place)} });
    const { isNew } = await paint();
    console.log(isNew);
    for await (const chunk of process.stdin);
    ${then}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

describe('a script that spools into a Redis', { skip: NO_REDIS, timeout: 120_000 }, () => {
  test('ends by itself, and so it does when that Redis has gone meanwhile', async (t) => {
    const redis = await startRedis(t);
    for (const isGone of [false, true]) {
      const child = startScript(t, redis.url('cats'));
      const [said, closed] = [text(child.stderr), once(child, 'close')];
      const [first] = (await once(child.stdout, 'data')) as [Buffer];
      assert.equal(String(first), 'true\n');
      if (isGone) await redis.stop('SIGKILL');
      child.stdin.end();
      assert.deepEqual([await closed, await said], [[0, null], '']);
    }
  });

  test('waits for its answer, though nothing else keeps it', async (t) => {
    const redis = await startRedis(t);
    const again = `const spooling = paint();
    console.error('asked');
    console.log((await spooling).isNew);`;
    const child = startScript(t, redis.url('cats'), again);
    await once(child.stdout, 'data');
    redis.signal('SIGSTOP');
    child.stdin.end();
    await once(child.stderr, 'data');
    redis.signal('SIGCONT');
    assert.equal(await text(child.stdout), 'true\n');
  });
});
