import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http2, { type ClientHttp2Session } from 'node:http2';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { certificateProblem, makeAuthority } from '../support/certificates.js';
import { MOST_GROWN, resident } from '../support/resident.js';
import { APPS, startServer } from '../support/server.js';

/** The proof is a gigabyte, which takes a while; what grows with a body shows with less. */
const LENGTH = (process.env['TEST_LONG'] === '1' ? 1024 : 192) * 1024 * 1024;

/** What a slow client does: it rests after so many bytes. */
const REST_AFTER = 4 * 1024 * 1024;
const REST_MS = 10;

/** A router with a worker behind it that gives and takes bytes, and a connection to it. */
async function transfers(t: TestContext) {
  const app = path.join(APPS, 'transfers.mjs');
  const authority = makeAuthority(t, 'ca');
  const { cert, key } = authority.sign('server');
  const https = `127.0.0.1:0,${cert},${key}`;
  const server = startServer(t, ['--https', https, '--module', app, '--disable-logging']);
  const { routers } = await server.until('a router', ({ routers: all }) => {
    return all[0]?.state === 'ready';
  });
  await server.ready();
  const [, port = ''] = await server.logged(/tsuwsgi https bound on .*:(\d+) fd/);
  const session = http2.connect(`https://localhost:${port}`, { ca: readFileSync(authority.cert) });
  // A few of each, so that only what a transfer itself takes is counted.
  for (let round = 0; round < 3; round++) {
    await download(session, 1_000_000, false);
    await upload(session, 1_000_000, '/');
  }
  return { session, router: routers[0]?.pid ?? 0 };
}

async function download(
  session: ClientHttp2Session,
  length: number,
  isSlow: boolean,
): Promise<void> {
  const stream = session.request({ ':path': `/${length}` });
  let received = 0;
  let sinceRest = 0;
  stream.on('data', (chunk: Buffer) => {
    received += chunk.length;
    sinceRest += chunk.length;
    if (!isSlow || sinceRest < REST_AFTER) return;
    sinceRest = 0;
    stream.pause();
    setTimeout(() => stream.resume(), REST_MS);
  });
  await once(stream, 'end');
  assert.equal(received, length);
}

async function upload(session: ClientHttp2Session, length: number, target: string): Promise<void> {
  const stream = session.request({ ':method': 'PUT', ':path': target });
  const block = Buffer.alloc(65_536);
  let left = length;
  const more = (): void => {
    while (left > 0) {
      const part = block.subarray(0, Math.min(left, block.length));
      left -= part.length;
      if (!stream.write(part)) return;
    }
    stream.end();
  };
  stream.on('drain', more);
  more();
  let body = '';
  for await (const chunk of stream.setEncoding('utf8')) body += String(chunk);
  assert.equal(Number(body), length);
}

type Transfer = (session: ClientHttp2Session) => Promise<unknown>;

const CASES: readonly (readonly [what: string, transfer: Transfer])[] = [
  ['a download', (session) => download(session, LENGTH, false)],
  ['a download to a slow client', (session) => download(session, LENGTH, true)],
  ['an upload', (session) => upload(session, LENGTH, '/')],
  ['an upload to a slow application', (session) => upload(session, LENGTH, '/slow')],
  [
    'a download and an upload on one connection',
    (session) =>
      Promise.all([download(session, LENGTH / 2, false), upload(session, LENGTH / 2, '/')]),
  ],
];

for (const [what, transfer] of CASES) {
  const skip = certificateProblem() ?? false;
  test(`${what} over HTTP/2 passes through the router in flat memory`, { skip }, async (t) => {
    const { session, router } = await transfers(t);
    const before = resident(router).now;
    await transfer(session);
    // Before the server stops, which may reset a connection whose last frames it never read.
    session.destroy();
    const grown = resident(router).most - before;
    t.diagnostic(`${(grown / 1024 / 1024).toFixed(1)} MB for ${LENGTH / 1024 / 1024} MB`);
    assert.ok(grown < MOST_GROWN, `the router grew by ${grown} bytes`);
  });
}
