import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { certificateProblem } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { ask } from '../support/http2.js';
import type { Behind } from '../support/router-rig.js';
import { type SecureRigSettings, startSecureRig } from '../support/secure-rig.js';
import { makeSite, NO_STATIC } from '../support/static-site.js';

const APPLICATION: Behind = {
  handler: (request, response) =>
    response.end(`application ${request.method ?? ''} ${request.url ?? ''}`),
};

async function serveSite(t: TestContext, settings: SecureRigSettings = {}) {
  const site = makeSite(t, {
    'public/hello.txt': 'hello from a file',
    'public/app.js': 'plain();',
    'public/app.js.gz': 'gzipped',
    'secret.txt': 'the secret',
  });
  const maps = [{ mount: '/static', folder: path.join(site, 'public'), keepsMount: false }];
  const files = { ...NO_STATIC, maps, compressed: [''] };
  const rig = await startSecureRig(t, [APPLICATION], { files, ...settings });
  return { ...rig, site, session: rig.connect() };
}

/** Whether this process holds a file open. */
function isOpen(file: string): boolean {
  return readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === file;
    } catch {
      return false;
    }
  });
}

describe('files over HTTP/2', { skip: certificateProblem() ?? false }, () => {
  test('are sent without a worker, and what is no file is the application’s', async (t) => {
    const { session, router } = await serveSite(t);
    const file = await ask(session, { ':path': '/static/hello.txt' });
    assert.equal(file.status, 200);
    assert.equal(file.body, 'hello from a file');
    assert.equal(file.headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(file.headers['content-length'], '17');
    for (const route of ['/static/none', '/staticfoo', '/']) {
      const { body } = await ask(session, { ':path': route });
      assert.equal(body, `application GET ${route}`);
    }
    const posted = await ask(session, { ':method': 'POST', ':path': '/static/hello.txt' }, 'x');
    assert.equal(posted.body, 'application POST /static/hello.txt');
    const { static_requests, requests, in_flight, aborted } = router.figures();
    assert.deepEqual([static_requests, requests, in_flight, aborted], [1, 5, 0, 0]);
  });

  test('are sent in part, not again when they are unchanged, and not at all to HEAD', async (t) => {
    const { session, router } = await serveSite(t);
    const at = { ':path': '/static/hello.txt' };
    const part = await ask(session, { ...at, range: 'bytes=-4' });
    assert.deepEqual([part.status, part.body], [206, 'file']);
    assert.equal(part.headers['content-range'], 'bytes 13-16/17');
    assert.equal((await ask(session, { ...at, range: 'bytes=99-' })).status, 416);
    const head = await ask(session, { ...at, ':method': 'HEAD' });
    assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '17', '']);
    const again = await ask(session, { ...at, 'if-none-match': String(head.headers.etag) });
    assert.deepEqual([again.status, again.body], [304, '']);
    const packed = await ask(session, { ':path': '/static/app.js', 'accept-encoding': 'gzip' });
    assert.deepEqual([packed.headers['content-encoding'], packed.body], ['gzip', 'gzipped']);
    assert.equal((await ask(session, { ':path': '/static/%2e%2e/secret.txt' })).status, 400);
    assert.equal(router.figures().aborted, 0);
  });

  test('of any size arrive whole beside one another, and are closed', async (t) => {
    const { session, site } = await serveSite(t);
    const file = path.join(site, 'public/big.bin');
    writeFileSync(file, '');
    truncateSync(file, 20_000_000);
    const sizes = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const stream = session.request({ ':path': '/static/big.bin' });
        let received = 0;
        stream.on('data', (chunk: Buffer) => (received += chunk.length));
        await once(stream, 'close');
        return received;
      }),
    );
    assert.deepEqual(sizes, Array(4).fill(20_000_000));
    await eventually('the file to be closed', () => !isOpen(file));
  });

  test('are given up for a client that takes no more, and closed for one that leaves', async (t) => {
    const { session, site, router, log } = await serveSite(t, { timeoutMs: 300 });
    const file = path.join(site, 'public/big.bin');
    writeFileSync(file, '');
    truncateSync(file, 50_000_000);
    const stalled = session.request({ ':path': '/static/big.bin' });
    stalled.on('error', () => undefined).pause();
    await eventually('the stream to be reset', () => stalled.rstCode !== 0 && stalled.closed);
    assert.deepEqual(log, ['GET /static/big.bin: the client takes no more']);
    const leaving = session.request({ ':path': '/static/big.bin' });
    leaving.on('error', () => undefined);
    await once(leaving, 'data');
    leaving.close(8);
    await eventually('the file to be closed', () => !isOpen(file));
    await eventually('nothing to be in flight', () => router.figures().in_flight === 0);
    assert.equal(router.figures().aborted, 2);
    assert.equal((await ask(session, { ':path': '/static/hello.txt' })).status, 200);
  });

  test('that shrink while they are sent break off', async (t) => {
    const { session, site } = await serveSite(t);
    const file = path.join(site, 'public/big.bin');
    writeFileSync(file, '');
    truncateSync(file, 50_000_000);
    const stream = session.request({ ':path': '/static/big.bin' });
    stream.on('error', () => undefined);
    await once(stream, 'readable');
    truncateSync(file, 1000);
    stream.resume();
    await eventually('the break', () => stream.closed);
    assert.notEqual(stream.rstCode, 0);
  });

  test('are waited for by a router that drains', async (t) => {
    const { session, site, router } = await serveSite(t);
    const file = path.join(site, 'public/big.bin');
    writeFileSync(file, '');
    truncateSync(file, 5_000_000);
    const stream = session.request({ ':path': '/static/big.bin' });
    await once(stream, 'readable');
    let received = 0;
    let isDrained = false;
    const drained = router.drain().then(() => (isDrained = true));
    await ask(session, { ':path': '/' }).catch(() => undefined);
    assert.ok(!isDrained);
    stream.on('data', (chunk: Buffer) => (received += chunk.length)).resume();
    await once(stream, 'close');
    assert.equal(received, 5_000_000);
    await drained;
  });
});
