import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { get } from '../support/http.js';
import { APPS, startServer } from '../support/server.js';

function moduleOf(file: string): string[] {
  return ['--module', path.join(APPS, file), '--disable-logging', '-p', '1'];
}

describe('a worker that drains', () => {
  test('lets its application say goodbye after the last request, in order and once', async (t) => {
    const server = startServer(t, moduleOf('farewell.mjs'));
    await server.ready();
    const slow = get(await server.url('/slow'));
    const { workers } = await server.until('the request', (stats) => stats.in_flight === 1);
    process.kill(workers[0]!.pid, 'SIGTERM');
    await slow;
    await server.until('the successor', ({ workers: [worker] }) => worker!.last_exit?.code === 17);
    const own = new RegExp(`^app ${workers[0]!.pid}: (.*)$`, 'gm');
    assert.deepEqual(
      Array.from(server.output.matchAll(own), ([, what]) => what),
      ['answers', 'closes', 'is closed', 'hears SIGTERM', 'has heard it'],
    );
  });

  test('says what failed in the farewell and ends all the same', async (t) => {
    const server = startServer(t, moduleOf('farewell-throws.mjs'));
    await server.ready();
    server.kill('SIGTERM');
    assert.equal(await server.exited(), 0);
    assert.match(
      server.output,
      /the application failed to close: Error: the shutdown failed\n {4}at/,
    );
    assert.match(server.output, /SIGTERM listener failed: Error: the goodbye failed\n {4}at/);
    assert.match(server.output, /app: the pool is empty/);
    assert.doesNotMatch(server.output, /NO MERCY/);
  });

  test('closes Fastify', async (t) => {
    const server = startServer(t, moduleOf('farewell-fastify.mjs'));
    const { workers } = await server.ready();
    assert.equal((await get(await server.url())).body, 'hello');
    process.kill(workers[0]!.pid, 'SIGTERM');
    await server.logged(/app: onClose/);
    const { workers: after } = await server.until('its end', (stats) => {
      return stats.workers[0]!.last_exit !== null;
    });
    assert.equal(after[0]!.last_exit?.code, 17);
  });
});

test('an application knows its worker, in the environment and by import', async (t) => {
  const server = startServer(t, [...moduleOf('identity.mjs')]);
  const { workers } = await server.ready();
  const ask = async (): Promise<unknown> => JSON.parse((await get(await server.url())).body);
  const environment = { TSUWSGI_WORKER_ID: '1', NODE_APP_INSTANCE: '0' };
  const first = { id: 1, generation: 0 };
  assert.deepEqual(await ask(), { worker: first, inThread: first, inChild: null, environment });
  process.kill(workers[0]!.pid, 'SIGHUP');
  const after = await server.until('the replacement', ({ workers: [worker] }) => {
    return worker!.pid !== workers[0]!.pid && worker!.accepting === 1;
  });
  const second = { id: 1, generation: after.workers[0]!.generation };
  assert.equal(second.generation, 1);
  await server.until('it alone', (stats) => stats.workers[0]!.draining.length === 0);
  assert.deepEqual(await ask(), { worker: second, inThread: second, inChild: null, environment });
});
