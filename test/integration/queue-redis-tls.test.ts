import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { type Authority, certificateProblem, makeAuthority } from '../support/certificates.js';
import { NO_REDIS, type RedisServer, startRedis } from '../support/redis.js';
import { ROOT } from '../support/server.js';
import { startSpooling } from '../support/spooling.js';

const MAIN = path.join(ROOT, 'dist/server/main.js');
const SKIP = NO_REDIS === false ? (certificateProblem() ?? false) : NO_REDIS;

interface Rig {
  readonly authority: Authority;
  readonly redis: RedisServer;
}

async function rig(t: TestContext): Promise<Rig> {
  const authority = makeAuthority(t, 'the cats');
  const certificate = authority.sign('redis');
  return { authority, redis: await startRedis(t, [], { certificate, authority }) };
}

/** Runs `tsuwsgi spool` with these words; its exit code, and what it said on standard error. */
function spool(words: readonly string[], env = {}): readonly [number | null, string] {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, 'spool', ...words], {
    ...{ encoding: 'utf8', timeout: 60_000, env: { ...process.env, ...env } },
  });
  return [status, stderr];
}

describe('a queue in a Redis over TLS', { skip: SKIP, timeout: 120_000 }, () => {
  test('is spooled into and run where its authority is trusted', async (t) => {
    const { authority, redis } = await rig(t);
    const queue = redis.url('cats').replace('127.0.0.1', 'localhost');
    const env = { NODE_EXTRA_CA_CERTS: authority.cert };
    const spooling = startSpooling(t, [], { queue, env });
    const first = await spooling.pid();
    await spooling.spoolInside('hold', { what: 'cat' });
    await spooling.noted('began cat 1');
    // The thread that renews locks, the bell and BullMQ have connections of their own.
    process.kill(first, 'SIGKILL');
    await spooling.noted('began cat 2');
    spooling.letGo();
    await spooling.noted('ended cat 2');
    const { queue: name } = await spooling.until('it to be done', ({ done }) => done === 1);
    assert.equal(name, `rediss://localhost:${redis.port}/0#cats`);
    // By its address too, and nothing is said about that.
    assert.deepEqual(spool(['--counts', redis.url('cats')], env), [0, '']);
  });

  test('is refused where its authority is not trusted', async (t) => {
    const { redis } = await rig(t);
    const [code, told] = spool([redis.url('cats'), 'paint']);
    assert.equal(code, 1);
    assert.match(told, /certificate.*: trust the authority of that with NODE_EXTRA_CA_CERTS=FILE/);
  });

  test('is refused where the certificate is that of another host', async (t) => {
    const authority = makeAuthority(t, 'the cats');
    const certificate = authority.sign('redis', ['redis.example']);
    const redis = await startRedis(t, [], { certificate, authority });
    const place = redis.url('cats').replace('127.0.0.1', 'localhost');
    const [code, told] = spool([place, 'paint'], { NODE_EXTRA_CA_CERTS: authority.cert });
    assert.equal(code, 1);
    assert.match(told, /altnames.*: name it as its certificate does/);
  });
});
