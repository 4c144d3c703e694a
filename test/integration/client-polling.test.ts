import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fetchOnce } from '../../top/client/once.js';
import { ClientLog, target } from '../support/client-log.js';
import { IDLE_DOCUMENT, serveRaw, serveStatsHttp, tcpServer } from '../support/stats-servers.js';

const quick = { timing: { sniff: 60, poll: 400, handshake: 400 } };

describe('polling a bare address', { timeout: 30_000 }, () => {
  test('a server that speaks first is read, and is never spoken to', async () => {
    const heard: Buffer[] = [];
    await using server = await tcpServer((socket) => {
      socket.on('data', (chunk: Buffer) => heard.push(chunk));
      socket.end(IDLE_DOCUMENT);
    });
    using log = new ClientLog(`127.0.0.1:${server.port}`, quick);
    const { document, transport } = await log.until('document');
    await log.until('document', () => true, log.events.length);
    assert.equal(transport, 'raw');
    assert.deepEqual(document, {
      kind: 'instance',
      instance: {
        version: '2.0.30',
        pid: 7,
        workers: [{ id: 1, pid: 8, status: 'idle', requests: 3 }],
      },
      damaged: false,
    });
    assert.equal(log.events[0]?.type, 'connecting');
    assert.equal(Buffer.concat(heard).length, 0);
  });

  test('a uWSGI that cannot be steered takes no commands, and says so once', async () => {
    await using server = await tcpServer(serveRaw(IDLE_DOCUMENT));
    using log = new ClientLog(`127.0.0.1:${server.port}`, quick);
    const { control } = await log.until('control');
    assert.ok(!control.available);
    assert.match(control.reason, /use its master-fifo with --fifo PATH/);
    await log.until('document', () => true, log.events.length);
    await log.until('document', () => true, log.events.length);
    assert.equal(log.events.filter((event) => event.type === 'control').length, 1);
    log.client.command(5, { name: 'reload' });
    const reply = await log.until('reply');
    assert.deepEqual([reply.id, reply.ok, reply.code], [5, false, 'needs-auth']);
  });

  test('a server that waits for a request gets one after the silence, later ones at once', async () => {
    const delays: number[] = [];
    await using server = await tcpServer((socket) => {
      const began = performance.now();
      socket.once('data', () => delays.push(performance.now() - began));
      serveStatsHttp(IDLE_DOCUMENT)(socket);
    });
    const timing = { ...quick.timing, sniff: 300, poll: 5000 };
    using log = new ClientLog(`127.0.0.1:${server.port}`, { timing });
    const first = await log.until('document');
    await log.until('document', () => true, log.events.length);
    assert.equal(first.transport, 'http');
    assert.ok(delays[0]! >= 200, `spoke after ${delays[0]} ms`);
    assert.ok(delays[1]! < delays[0]!, `spoke after ${delays[1]} ms the second time`);
  });

  test('a raw server that is slower than the sniff resets us, and is then listened to', async () => {
    await using server = await tcpServer((socket) => {
      socket.pause();
      setTimeout(() => {
        serveRaw(IDLE_DOCUMENT)(socket);
      }, 150);
    });
    using log = new ClientLog(`127.0.0.1:${server.port}`, {
      timing: { ...quick.timing, sniff: 20, poll: 5000 },
    });
    assert.equal((await log.until('document')).transport, 'raw');
  });

  test('never more than one poll is in flight, and close ends it', async () => {
    let unanswered = 0;
    let most = 0;
    await using server = await tcpServer((socket) => {
      most = Math.max(most, ++unanswered);
      setTimeout(() => {
        unanswered--;
        socket.end(IDLE_DOCUMENT);
      }, 40);
    });
    using log = new ClientLog(`127.0.0.1:${server.port}`, { ...quick, intervalMs: 1 });
    await log.until('document');
    for (let index = 0; index < 20; index++) log.client.refresh();
    await log.until('document', () => true, log.events.length);
    assert.equal(most, 1);
    log.client.close();
    const count = log.events.length;
    // Far more turns of the loop than a poll on this machine would take.
    for (let turn = 0; turn < 500; turn++) await new Promise(setImmediate);
    assert.equal(log.events.length, count);
  });

  test('refresh asks ahead of the interval', async () => {
    await using server = await tcpServer(serveRaw(IDLE_DOCUMENT));
    using log = new ClientLog(`127.0.0.1:${server.port}`, { ...quick, intervalMs: 3_600_000 });
    await log.until('document');
    await log.until('control');
    const seen = log.events.length;
    // The wait begins just after the control event.
    setImmediate(() => {
      log.client.refresh();
    });
    await log.until('document', () => true, seen);
    assert.equal(server.accepted(), 2);
  });
});

describe('a server that does not do well', { timeout: 30_000 }, () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['cuts its JSON', '{"workers":[{"id":', /not JSON/],
    ['sends a list', '[1]', /a JSON list, not a stats document/],
    ['sends nothing', '', /an empty answer/],
    ['is a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n', /answered HTTP 400 Bad Request/],
    [
      'refuses our Host',
      'HTTP/1.1 421 Misdirected Request\r\n\r\nname it with --stats-allow-host\n',
      /421 Misdirected Request: name it with --stats-allow-host/,
    ],
  ];
  for (const [what, answer, message] of cases) {
    test(`one that ${what} is a problem, and polling goes on`, async () => {
      let healthy = false;
      await using server = await tcpServer((socket) => {
        socket.end(healthy ? IDLE_DOCUMENT : answer);
      });
      using log = new ClientLog(`127.0.0.1:${server.port}`, quick);
      assert.match((await log.until('problem')).message, message);
      healthy = true;
      await log.until('document');
    });
  }

  test('one that never answers is an event within the deadline, and tried again', async () => {
    await using server = await tcpServer(() => undefined);
    using log = new ClientLog(`127.0.0.1:${server.port}`, quick);
    const { message, retryInMs } = await log.until('disconnected');
    assert.match(message, /the server on 127\.0\.0\.1:\d+ does not answer/);
    assert.equal(retryInMs, 250);
    await log.until('connecting', () => true, 1);
    await log.until('disconnected', (event) => event.retryInMs === 500);
  });

  test('one that sends without end is left at the size of no document', async () => {
    const block = Buffer.alloc(1024 * 1024, ' ');
    await using server = await tcpServer((socket) => {
      const more = (): void => {
        if (!socket.destroyed) socket.write(block, more);
      };
      more();
    });
    using log = new ClientLog(`127.0.0.1:${server.port}`, { timing: { sniff: 60, poll: 20_000 } });
    assert.match((await log.until('problem')).message, /longer than any stats document/);
  });

  test('one that dies and comes back is shown again', async () => {
    const first = await tcpServer(serveRaw(IDLE_DOCUMENT));
    using log = new ClientLog(`127.0.0.1:${first.port}`, quick);
    await log.until('document');
    await first[Symbol.asyncDispose]();
    const gone = await log.until('disconnected');
    assert.match(gone.message, /nothing listens on 127\.0\.0\.1/);
    await using second = await tcpServer(serveRaw(IDLE_DOCUMENT), first.port);
    await log.until('document', () => true, log.events.indexOf(gone));
    assert.equal(second.accepted() > 0, true);
  });
});

describe('an http:// address', { timeout: 30_000 }, () => {
  test('speaks at once and asks for its own path', async () => {
    let heard = '';
    await using server = await tcpServer((socket) => {
      socket.once('data', (chunk: Buffer) => {
        heard = chunk.toString();
      });
      serveStatsHttp(IDLE_DOCUMENT)(socket);
    });
    const url = `http://127.0.0.1:${server.port}/my/stats?x=1`;
    const fetched = await fetchOnce(target(url), { timing: { sniff: 10_000 } });
    assert.ok(fetched.ok);
    assert.equal(fetched.value.raw, IDLE_DOCUMENT);
    assert.match(heard, /^GET \/my\/stats\?x=1 HTTP\/1\.0\r\nHost: 127\.0\.0\.1:\d+\r\n/);
  });

  test('of a server without HTTP is an error with the remedy', async () => {
    await using server = await tcpServer((socket) => {
      socket.pause();
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
    const fetched = await fetchOnce(target(`http://127.0.0.1:${server.port}`), quick);
    assert.ok(!fetched.ok);
    assert.match(fetched.error.message, /does not speak HTTP here: leave out http:\/\//);
  });
});

describe('fetching once', { timeout: 30_000 }, () => {
  test('gives text and document of a raw server, also of one slower than the sniff', async () => {
    for (const delay of [0, 150]) {
      await using server = await tcpServer((socket) => {
        socket.pause();
        setTimeout(() => {
          serveRaw(IDLE_DOCUMENT)(socket);
        }, delay);
      });
      const fetched = await fetchOnce(target(`127.0.0.1:${server.port}`), {
        timing: { sniff: 50, poll: 5000 },
      });
      assert.ok(fetched.ok, fetched.ok ? '' : fetched.error.message);
      assert.equal(fetched.value.raw, IDLE_DOCUMENT);
    }
  });

  test('fails in one sentence where nothing listens', async () => {
    const server = await tcpServer(() => undefined);
    await server[Symbol.asyncDispose]();
    const fetched = await fetchOnce(target(`127.0.0.1:${server.port}`), quick);
    assert.ok(!fetched.ok);
    assert.equal(fetched.error.code, 'refused');
    assert.equal(fetched.error.message, `nothing listens on 127.0.0.1:${server.port}`);
    const missing = await fetchOnce(target('/tmp/no such folder/x.sock'), quick);
    assert.ok(!missing.ok);
    assert.equal(missing.error.code, 'no-socket');
    assert.equal(missing.error.message, 'there is no socket file /tmp/no such folder/x.sock');
  });
});
