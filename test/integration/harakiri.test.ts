import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get, raw, startLoad } from '../support/http.js';
import { CATSERVE, isAlive, startServer, type TestServer } from '../support/server.js';

/** An application that blocks its loop in native code, or in an expression that never ends. */
const BLOCKERS = `
  import { execSync } from 'node:child_process';
  export default (request, response) => {
    if (request.url === '/native') execSync('sleep 60');
    if (request.url === '/regexp') backtrack('a'.repeat(60) + '!');
    response.end('through');
  };
  function backtrack(text) {
    return /^(a+)+$/.test(text);
  }
`;

/** Blocks its loop at once, or shortly before the limit of a second; notes when the request began. */
const TIMED = `
  import { writeFileSync } from 'node:fs';
  export default (request, response) => {
    const began = Date.now();
    const block = () => {
      writeFileSync('began', String(began));
      spins();
    };
    if (request.url === '/at-once') block();
    else if (request.url === '/late') setTimeout(block, 900);
    else response.end('through');
  };
  function spins() {
    for (;;);
  }
`;

function startBlockers(t: TestContext, ...args: readonly string[]): TestServer {
  const module = path.join(makeFolder(t, { 'app.mjs': BLOCKERS }), 'app.mjs');
  return startServer(t, ['--module', module, '--disable-logging', ...args]);
}

describe('a slow request on a living loop', () => {
  test('ends with 504 at its limit, no fast one beside it fails, and its worker is replaced', async (t) => {
    const server = startServer(t, [
      ...['--module', CATSERVE, '-p', '2', '--harakiri', '2', '--disable-logging'],
    ]);
    const before = await server.ready();
    const load = startLoad(await server.url('/'), 2, false);
    const kept = startLoad(await server.url('/'), 2, true);
    const startedAt = performance.now();
    const answer = await get(await server.url('/slow?s=10'));
    const took = performance.now() - startedAt;
    assert.equal(answer.status, 504);
    assert.equal(answer.headers.connection, 'close');
    t.diagnostic(`504 after ${took.toFixed(0)} ms`);
    assert.ok(took >= 2000 && took < 2500, `answered after ${took} ms`);

    const stats = await server.until('the worker to be replaced', ({ workers }) =>
      workers.some(({ last_exit }) => last_exit?.reason === 'harakiri'),
    );
    for (const clients of [load, kept]) {
      const { answered, failures } = await clients.stop();
      assert.deepEqual(failures, []);
      assert.ok(answered > 0);
    }
    const [record] = stats.harakiris;
    const harmed = stats.workers.find(({ id }) => id === record?.worker);
    assert.ok(record && harmed);
    assert.equal(harmed.harakiri_count, 1);
    assert.equal(harmed.last_exit?.code, 17, 'it drained');
    assert.equal(record.pid, before.workers.find(({ id }) => id === record.worker)?.pid);
    assert.deepEqual([record.face, record.method, record.uri], ['slow', 'GET', '/slow?s=10']);
    assert.ok(record.age_ms >= 2000 && record.age_ms < 2500, `${record.age_ms}`);
    assert.ok(record.rss > 1_000_000, `${record.rss}`);
    assert.match(
      server.output,
      /\*\*\* HARAKIRI ON WORKER \d \(pid: \d+, try: 1, graceful: yes\) \*\*\*/,
    );
    assert.match(server.output, /HARAKIRI \[core \d+\] 127\.0\.0\.1 - GET \/slow\?s=10 since \d+/);
  });

  test('has the limit of the first route that matches', async (t) => {
    const server = startServer(t, [
      ...['--module', CATSERVE, '--harakiri', '0.3', '--disable-logging'],
      ...['--harakiri-route', '^/slow.s=1$=30', '--harakiri-route', '^/slow=0.6'],
    ]);
    await server.ready();
    assert.equal((await get(await server.url('/slow?s=1'))).status, 200);
    const startedAt = performance.now();
    assert.equal((await get(await server.url('/slow?s=9'))).status, 504);
    const took = performance.now() - startedAt;
    assert.ok(took >= 600, `answered after ${took} ms`);
  });

  test('is spared while the listen queue is shorter than --harakiri-queue-threshold', async (t) => {
    const server = startServer(t, [
      ...['--module', CATSERVE, '--harakiri', '0.3', '--harakiri-queue-threshold', '5'],
    ]);
    await server.ready();
    assert.equal((await get(await server.url('/slow?s=1'))).status, 200);
    await server.logged(/HARAKIRI skipped on worker 1 core 0: GET \/slow\?s=1 .* is 0 of 5/);
  });
});

describe('a blocked loop', () => {
  test('is killed soon after the limit; log and stats name the function that blocks', async (t) => {
    const server = startServer(t, [
      ...['--module', CATSERVE, '--harakiri', '1', '--harakiri-verbose', '--disable-logging'],
    ]);
    const { workers } = await server.ready();
    const pid = workers[0]?.pid ?? 0;
    const startedAt = performance.now();
    const cut = raw(await server.port(), 'GET /block?s=60 HTTP/1.1\r\nHost: cats\r\n\r\n');
    await server.logged(/HARAKIRI: -- stack> block \(\S*catserve\/trouble\.js:\d+:\d+\)/);
    const took = performance.now() - startedAt;
    // Half a second after the limit, and more on a loaded machine.
    assert.ok(took >= 1000 && took < 3000, `logged after ${took} ms`);
    assert.equal(await cut, '', 'nobody could answer');
    const stats = await server.until('the worker to be respawned', (document) =>
      document.workers.every(({ accepting, pid: now }) => accepting === 1 && now !== pid),
    );
    assert.equal(isAlive(pid), false);
    const [worker] = stats.workers;
    assert.equal(worker?.harakiri_count, 1);
    assert.deepEqual(
      [worker.last_exit?.pid, worker.last_exit?.signal, worker.last_exit?.reason],
      [pid, 'SIGKILL', 'harakiri'],
    );
    const [record] = stats.harakiris;
    assert.equal(record?.face, 'blocked');
    assert.equal(record.uri, '/block?s=60');
    // The loop looks at the clock, and may be found inside of Node there.
    const own = record.stack.find((frame) => !frame.includes('(node:'));
    assert.match(own ?? '', /^block \(.*trouble\.js:\d+:\d+\)$/);
    assert.match(
      server.output,
      new RegExp(`HARAKIRI ON WORKER 1 \\(pid: ${pid}, try: 1, graceful: no\\)`),
    );
    assert.match(
      server.output,
      /DAMN ! worker 1 \(pid: \d+\) died, killed by signal 9[^\n]*\nRespawned tsuwsgi worker 1 /,
    );
    assert.equal((await get(await server.url('/'))).status, 200);
  });

  for (const route of ['/at-once', '/late']) {
    test(`is named within half a second of the limit: ${route}`, async (t) => {
      const cwd = makeFolder(t, { 'app.mjs': TIMED });
      const options = ['--harakiri', '1', '--disable-logging'];
      const server = startServer(t, ['--module', 'app.mjs', ...options], { cwd });
      const port = await server.port();
      const named: number[] = [];
      const told: number[] = [];
      // On a machine with other work some are late: two of five must not be.
      const inTime = (): number => named.filter((late) => late <= 500).length;
      for (let round = 1; round <= 5 && inTime() < 2; round++) {
        await server.ready();
        await raw(port, `GET ${route} HTTP/1.1\r\nHost: cats\r\n\r\n`);
        const { harakiris } = await server.until(`record ${round}`, (stats) => {
          return stats.harakiris.length === round;
        });
        const record = harakiris.at(-1);
        assert.match(record?.stack[0] ?? '', /^spins \(.*app\.mjs:\d+:\d+\)$/);
        // The master writes the log as it makes the record, whose time is its own.
        await eventually('the log', () => {
          return server.output.split('HARAKIRI: -- stack> spins (').length === round + 1;
        });
        const began = Number(readFileSync(path.join(cwd, 'began'), 'utf8'));
        named.push(Math.round((record?.time ?? 0) * 1000 - began) - 1000);
        told.push((record?.age_ms ?? 0) - 1000);
      }
      t.diagnostic(`${route}: recorded ${named.join(', ')} ms after the limit`);
      assert.ok(
        told.every((late) => late >= 0),
        `a request was given up early: ${told.join()}`,
      );
      assert.ok(inTime() >= 2, `recorded ${named.join()} ms after the limit`);
    });
  }

  test('in an expression is named too, and in native code it says so', async (t) => {
    const server = startBlockers(t, '-p', '1', '--harakiri', '0.5');
    await server.ready();
    const port = await server.port();
    await raw(port, 'GET /regexp HTTP/1.1\r\nHost: cats\r\n\r\n');
    await server.logged(/HARAKIRI: -- stack> backtrack \(\S*app\.mjs:\d+:\d+\)/);
    await server.ready();
    await raw(port, 'GET /native HTTP/1.1\r\nHost: cats\r\n\r\n');
    await server.logged(/HARAKIRI: -- stack> \(in native code\)/);
    const stats = await server.until('both', ({ workers }) => workers[0]?.harakiri_count === 2);
    assert.deepEqual(stats.harakiris.at(-1)?.stack, ['(in native code)']);
  });

  test('that comes back within --harakiri-graceful-timeout answers, then drains', async (t) => {
    const server = startServer(t, [
      ...['--module', CATSERVE, '--harakiri', '0.5', '--harakiri-graceful-timeout', '20'],
      '--disable-logging',
    ]);
    await server.ready();
    // It answers by itself when it comes back: the request is done, if late.
    const answer = await get(await server.url('/block?s=2'));
    assert.equal(answer.status, 200);
    const stats = await server.until('the worker to be replaced', ({ workers }) =>
      workers.every(({ last_exit, accepting }) => last_exit !== null && accepting === 1),
    );
    const [worker] = stats.workers;
    assert.deepEqual(
      [worker?.last_exit?.code, worker?.last_exit?.reason, worker?.harakiri_count],
      [17, 'harakiri', 1],
    );
    assert.equal(stats.harakiris.length, 1);
  });
});

test('without --harakiri a request may take as long as it likes', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '--disable-logging']);
  await server.ready();
  assert.equal((await get(await server.url('/block?s=1.5'))).status, 200);
  assert.equal((await get(await server.url('/slow?s=1'))).status, 200);
  assert.doesNotMatch(server.output, /HARAKIRI/);
});

test('a worker that was stopped is killed and replaced, its clients wait no longer', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '--worker-stall', '2', '-p', '1']);
  const { workers } = await server.ready();
  const pid = workers[0]?.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  await server.logged(
    new RegExp(`worker 1 \\(pid: ${pid}\\) has given no sign of life for \\d+\\.\\d seconds`),
  );
  const stats = await server.until('another to serve', (document) =>
    document.workers.every(({ accepting, pid: now }) => accepting === 1 && now !== pid),
  );
  assert.equal(stats.workers[0]?.last_exit?.reason, 'stall');
  assert.equal(isAlive(pid), false);
  assert.equal((await get(await server.url('/'))).status, 200);
});

test('a worker that is blocked, idle or busy for long is not taken for a stopped one', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '--worker-stall', '2', '-p', '2']);
  const { workers } = await server.ready();
  assert.equal((await get(await server.url('/block?s=5'))).status, 200);
  assert.doesNotMatch(server.output, /no sign of life/);
  const after = await server.ready();
  assert.deepEqual(
    after.workers.map(({ pid }) => pid),
    workers.map(({ pid }) => pid),
  );
});
