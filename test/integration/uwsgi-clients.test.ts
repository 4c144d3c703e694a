import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import http from 'node:http';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { ask } from '../support/ask.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { startNginx, uwsgiPass, WITHOUT_NGINX } from '../support/nginx.js';
import { freePort, WITHOUT_ROUTER } from '../support/real-uwsgi.js';
import { APPS, CATSERVE, isAlive, startServer, type TestServer } from '../support/server.js';

const MIRROR = path.join(APPS, 'mirror.mjs');

type Transport = 'TCP' | 'a unix socket';

/** A server behind a real nginx, which serves HTTP on the unix socket `front`. */
async function behindNginx(t: TestContext, transport: Transport, ...args: string[]) {
  const file = path.join(makeFolder(t, {}), 'app.sock');
  const where = transport === 'TCP' ? '127.0.0.1:0' : file;
  const server = startServer(t, ['--socket', where, '-p', '2', ...args], { onlySockets: true });
  await server.ready();
  const upstream = transport === 'TCP' ? `127.0.0.1:${await server.port()}` : `unix:${file}`;
  return { server, front: await startNginx(t, uwsgiPass(upstream)) };
}

for (const transport of ['TCP', 'a unix socket'] as const) {
  describe(`a real nginx with uwsgi_pass on ${transport}`, { skip: WITHOUT_NGINX }, () => {
    test('serves catserve: GET, HEAD, a miss, and events that never tell their length', async (t) => {
      const { front, server } = await behindNginx(t, transport, '--module', CATSERVE);
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const home = await ask(front, { path: '/', agent });
      assert.equal(home.status, 200);
      assert.match(home.body, /<html/);
      const head = await ask(front, { path: '/cats', method: 'HEAD', agent });
      assert.equal(head.status, 200);
      assert.ok(Number(head.headers['content-length']) > 1000);
      assert.equal(head.bytes, 0);
      assert.equal((await ask(front, { path: '/dogs', agent })).status, 404);
      const events = await ask(front, { path: '/stream?n=3&s=0.05', agent });
      assert.match(events.body, /^id: 1\ndata: [^]*id: 3\n/);
      assert.doesNotMatch(events.body, /^[0-9a-f]+\r$/m, 'no chunk sizes');
      agent.destroy();
      await server.until('four requests', ({ workers }) => requestsOf(workers) === 4);
    });

    test('carries uploads, chunked ones too, and downloads of 30 MB', async (t) => {
      const { front } = await behindNginx(t, transport, '--module', MIRROR);
      const body = Buffer.alloc(30_000_000, 'mochi');
      const sha256 = createHash('sha256').update(body).digest('hex');
      const headers = { 'content-type': 'text/plain' };
      for (const coding of ['identity', 'chunked']) {
        const chunked = coding === 'chunked' ? { 'transfer-encoding': coding } : {};
        const answer = await ask(front, {
          ...{ path: '/', method: 'POST', body, headers: { ...headers, ...chunked } },
        });
        const seen = JSON.parse(answer.body) as { bytes: number; sha256: string };
        assert.equal(seen.bytes, body.length, coding);
        assert.equal(seen.sha256, sha256);
      }
      assert.equal((await ask(front, { path: '/bytes?30000000' })).bytes, 30_000_000);
    });

    test('loses no request while the workers are reloaded', async (t) => {
      const { front, server } = await behindNginx(t, transport, '--module', CATSERVE);
      let running = true;
      let answered = 0;
      const failures: string[] = [];
      const client = async (): Promise<void> => {
        while (running) {
          const { status } = await ask(front, { path: '/health' });
          if (status === 200) answered++;
          else failures.push(`status ${status}`);
        }
      };
      const clients = Promise.all(Array.from({ length: 8 }, client));
      await eventually('answers', () => answered > 50);
      server.kill('SIGHUP');
      await server.until('a reload', ({ generation }) => generation === 1);
      const before = answered;
      await eventually('answers of the new workers', () => answered > before + 50);
      running = false;
      await clients;
      assert.deepEqual(failures, []);
    });
  });
}

describe('a WebSocket through a real nginx', { skip: WITHOUT_NGINX }, () => {
  test('is one for the application', async (t) => {
    const { front } = await behindNginx(t, 'TCP', '--module', path.join(APPS, 'websocket.mjs'));
    const answer = await new Promise<string>((resolve, reject) => {
      const headers = {
        ...{ Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' },
        'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
      };
      const request = http.request({ socketPath: front, path: '/', headers });
      request.on('error', reject);
      request.on('response', ({ statusCode = 0 }) => {
        reject(new Error(`status ${statusCode}`));
      });
      request.on('upgrade', (_response, socket) => {
        socket.on('data', (chunk: Buffer) => {
          resolve(chunk.subarray(2).toString());
          socket.destroy();
        });
        // A text frame "hi" under a mask of zeros.
        socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]));
      });
      request.end();
    });
    assert.equal(answer, 'echo hi');
  });
});

describe('the http router of a real uWSGI', { skip: WITHOUT_ROUTER }, () => {
  test('serves catserve through --http-to', async (t) => {
    const server = startServer(t, ['--socket', '127.0.0.1:0', '--module', MIRROR], {
      onlySockets: true,
    });
    await server.ready();
    const port = await freePort();
    const router = spawn(
      'uwsgi',
      [
        ...['--plugin', 'http', '--master', '--http', `127.0.0.1:${port}`],
        ...['--http-to', `127.0.0.1:${await server.port()}`],
      ],
      { stdio: 'ignore', detached: true },
    );
    const { pid = 0 } = router;
    t.after(async () => {
      process.kill(-pid, 'SIGKILL');
      await eventually('uWSGI to be gone', () => !isAlive(pid));
    });
    const answer = await eventually('an answer', () => get(`http://127.0.0.1:${port}/cats?x=1`));
    const seen = JSON.parse(answer.body) as { url: string; remoteAddress: string };
    assert.equal(seen.url, '/cats?x=1');
    assert.equal(seen.remoteAddress, '127.0.0.1');
  });
});

function requestsOf(workers: Awaited<ReturnType<TestServer['stats']>>['workers']): number {
  return workers.reduce((sum, { requests }) => sum + requests, 0);
}
