import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type http from 'node:http';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { ask } from '../support/ask.js';
import { makeFolder } from '../support/folder.js';
import { proxyPass, startNginx, WITHOUT_NGINX } from '../support/nginx.js';
import { APPS, CATSERVE, startServer } from '../support/server.js';

const run = promisify(execFile);

function without(program: string, flag: string, inPackage: string): string | false {
  const { error } = spawnSync(program, [flag]);
  return error === undefined ? false : `needs the package ${inPackage}`;
}

const WITHOUT_CURL = without('curl', '--version', 'curl');
const WITHOUT_WRK = without('wrk', '-v', 'wrk');

const MIRROR = path.join(APPS, 'mirror.mjs');

async function routed(t: TestContext, module: string, ...args: string[]) {
  const server = startServer(t, [
    ...['--http', '127.0.0.1:0', '--module', module, '-p', '2', '--disable-logging', ...args],
  ]);
  await server.until('a router', ({ routers }) => routers[0]?.state === 'ready');
  await server.ready();
  return { server, port: await server.port(), url: await server.url('') };
}

/** What the application was asked, as it tells it. */
interface Seen {
  readonly method: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly remoteAddress: string;
  readonly headers: http.IncomingHttpHeaders;
}

describe('curl at the router', { skip: WITHOUT_CURL }, () => {
  test('gets, asks for heads, and waits for 100 Continue before it sends', async (t) => {
    const { url } = await routed(t, MIRROR);
    const got = await run('curl', ['-sS', '-i', `${url}/cats?x=1`]);
    assert.match(got.stdout, /^HTTP\/1\.1 200 OK\r\n/);
    const head = await run('curl', ['-sS', '-I', `${url}/cats`]);
    assert.match(head.stdout, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n$/);
    const expected = ['-sS', '-v', '-H', 'Expect: 100-continue', '--data', 'meow', `${url}/cats`];
    const { stdout, stderr } = await run('curl', expected);
    assert.match(stderr, /< HTTP\/1\.1 100 Continue\r?\n[^]*< HTTP\/1\.1 200 OK/);
    assert.equal((JSON.parse(stdout) as Seen).bytes, 4);
  });

  test('reads what --http-auto-gzip compresses', async (t) => {
    const { url } = await routed(t, MIRROR, '--http-auto-gzip');
    const long = 'mochi '.repeat(500).trim();
    const asked = ['-sS', '-i', '-H', `X-Long: ${long}`, url];
    const [head = '', body = ''] = (await run('curl', ['--compressed', ...asked])).stdout.split(
      '\r\n\r\n',
    );
    assert.match(head, /^content-encoding: (?:br|gzip)$/im);
    assert.match(head, /^vary: accept-encoding$/im);
    assert.equal((JSON.parse(body) as Seen).headers['x-long'], long);
    assert.doesNotMatch((await run('curl', asked)).stdout, /^content-encoding:/im);
  });

  test('uploads with a length and in chunks, on one connection', async (t) => {
    const { url } = await routed(t, MIRROR);
    const body = Buffer.alloc(3_000_000, 'mochi');
    const file = path.join(makeFolder(t, {}), 'body');
    writeFileSync(file, body);
    const upload = [
      '-sS',
      '-w',
      '\\n%{num_connects}\\n',
      '-X',
      'POST',
      '--data-binary',
      `@${file}`,
    ];
    const chunked = ['-H', 'Transfer-Encoding: chunked'];
    const { stdout } = await run('curl', [
      ...[...upload, `${url}/first`, '--next', ...upload, ...chunked, `${url}/second`],
    ]);
    const [first, firstConnects, second, secondConnects] = stdout.split('\n');
    for (const text of [first, second]) {
      const seen = JSON.parse(text ?? '') as Seen;
      assert.equal(seen.sha256, createHash('sha256').update(body).digest('hex'));
    }
    assert.deepEqual([firstConnects, secondConnects], ['1', '0']);
  });
});

describe('wrk at the router', { skip: WITHOUT_WRK }, () => {
  test('gets nothing but good answers while the workers are reloaded, and all are counted', async (t) => {
    const { server, url } = await routed(t, CATSERVE);
    const load = run('wrk', ['-t', '1', '-c', '32', '-d', '4s', `${url}/health`]);
    await server.until('requests', ({ routers }) => (routers[0]?.requests ?? 0) > 100);
    server.kill('SIGHUP');
    await server.until('the reload', ({ generation }) => generation === 1);
    const { stdout } = await load;
    // wrk names errors only where there were any.
    assert.doesNotMatch(stdout, /Non-2xx|Socket errors/, stdout);
    const answered = Number(/(\d+) requests in/.exec(stdout)?.[1]);
    await server.until('the count of all', ({ routers }) => {
      // What was under way at the end wrk does not count.
      const { requests, in_flight: inFlight } = routers[0] ?? { requests: 0, in_flight: 1 };
      return inFlight === 0 && requests >= answered && requests <= answered + 32;
    });
  });
});

describe('a real nginx with proxy_pass before the router', { skip: WITHOUT_NGINX }, () => {
  test('passes requests on with the address of its client, which is believed', async (t) => {
    const { server, port } = await routed(t, MIRROR, '--trust-proxy', '127.0.0.1');
    const front = await startNginx(t, proxyPass(port));
    const answer = await ask(front, { path: '/', method: 'POST', body: Buffer.from('meow') });
    const seen = JSON.parse(answer.body) as Seen;
    assert.deepEqual([seen.method, seen.bytes], ['POST', 4]);
    assert.equal(seen.headers['x-forwarded-for'], '192.0.2.7, 127.0.0.1');
    assert.equal((await ask(front, { path: '/bytes?5000000' })).bytes, 5_000_000);
    await server.until('two requests', ({ routers }) => routers[0]?.requests === 2);
  });

  test('its word is not taken by a router that was not told to', async (t) => {
    const { port } = await routed(t, MIRROR);
    const front = await startNginx(t, proxyPass(port));
    const seen = JSON.parse((await ask(front, { path: '/' })).body) as Seen;
    assert.equal(seen.remoteAddress, '127.0.0.1');
    assert.equal(seen.headers['x-forwarded-for'], '127.0.0.1');
  });

  test('loses no request while routers and workers are reloaded', async (t) => {
    const { server, port } = await routed(t, CATSERVE);
    const front = await startNginx(t, proxyPass(port));
    let running = true;
    let answered = 0;
    const failures: number[] = [];
    const client = async (): Promise<void> => {
      while (running) {
        const { status } = await ask(front, { path: '/health' });
        if (status === 200) answered++;
        else failures.push(status);
      }
    };
    const clients = Promise.all(Array.from({ length: 8 }, client));
    const goOn = async (count: number): Promise<void> => {
      await server.until('requests', () => answered > count);
    };
    await goOn(50);
    server.kill('SIGHUP');
    await server.until('a reload', ({ generation }) => generation === 1);
    await goOn(answered + 50);
    running = false;
    await clients;
    assert.deepEqual(failures, []);
  });
});
