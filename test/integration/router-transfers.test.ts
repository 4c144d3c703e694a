import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { MOST_GROWN, resident } from '../support/resident.js';
import { APPS, startServer } from '../support/server.js';

/** The proof is a gigabyte, which takes a while; what grows with a body shows with less. */
const LENGTH = (process.env['TEST_LONG'] === '1' ? 1024 : 192) * 1024 * 1024;

/** What a slow client does: it rests after so many bytes. */
const REST_AFTER = 4 * 1024 * 1024;
const REST_MS = 10;

/** A router with a worker behind it that gives and takes bytes. */
async function transfers(t: TestContext) {
  const app = path.join(APPS, 'transfers.mjs');
  const server = startServer(t, ['--http', '127.0.0.1:0', '--module', app, '--disable-logging']);
  const { routers } = await server.until('a router', ({ routers: all }) => {
    return all[0]?.state === 'ready';
  });
  await server.ready();
  const port = await server.port();
  // A few of each, so that only what a transfer itself takes is counted.
  for (let round = 0; round < 3; round++) {
    await download(port, 1_000_000, false);
    await upload(port, 1_000_000, '/');
  }
  return { port, router: routers[0]?.pid ?? 0 };
}

async function download(port: number, length: number, isSlow: boolean): Promise<void> {
  const request = http.get({ port, host: '127.0.0.1', path: `/${length}`, agent: false });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let received = 0;
  let sinceRest = 0;
  response.on('data', (chunk: Buffer) => {
    received += chunk.length;
    sinceRest += chunk.length;
    if (!isSlow || sinceRest < REST_AFTER) return;
    sinceRest = 0;
    response.pause();
    setTimeout(() => response.resume(), REST_MS);
  });
  await once(response, 'end');
  assert.equal(received, length);
}

async function upload(port: number, length: number, target: string): Promise<void> {
  const request = http.request({
    ...{ port, host: '127.0.0.1', method: 'PUT', path: target, agent: false },
    headers: { 'Content-Length': length },
  });
  const block = Buffer.alloc(65_536);
  let left = length;
  const more = (): void => {
    while (left > 0) {
      const part = block.subarray(0, Math.min(left, block.length));
      left -= part.length;
      if (!request.write(part)) return;
    }
    request.end();
  };
  request.on('drain', more);
  more();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const [body] = (await response.setEncoding('utf8').toArray()) as [string];
  assert.equal(Number(body), length);
}

const CASES: readonly (readonly [string, (port: number) => Promise<void>])[] = [
  ['a download', (port) => download(port, LENGTH, false)],
  ['a download to a slow client', (port) => download(port, LENGTH, true)],
  ['an upload', (port) => upload(port, LENGTH, '/')],
  ['an upload to a slow application', (port) => upload(port, LENGTH, '/slow')],
];

for (const [what, transfer] of CASES) {
  test(`${what} passes through the router in flat memory`, async (t) => {
    const { port, router } = await transfers(t);
    const before = resident(router).now;
    await transfer(port);
    const grown = resident(router).most - before;
    t.diagnostic(`${(grown / 1024 / 1024).toFixed(1)} MB for ${LENGTH / 1024 / 1024} MB`);
    assert.ok(grown < MOST_GROWN, `the router grew by ${grown} bytes`);
  });
}
