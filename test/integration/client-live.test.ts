import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { authPayload, type ClientMessage, type KeyFile } from '../../shared/protocol.js';
import type { ClientEvent } from '../../top/model/client-event.js';
import { fetchOnce } from '../../top/client/once.js';
import { ClientLog, target } from '../support/client-log.js';
import { BOOT_ID, liveServer, ourDocument } from '../support/live-server.js';

const timing = { sniff: 1000, poll: 2000, handshake: 2000 };
const quick = { timing };

function requestsOf(event: ClientEvent & { readonly type: 'document' }): number | undefined {
  const { document } = event;
  return document.kind === 'instance' ? document.instance.workers[0]?.requests : undefined;
}

const streamed = (requests: number) => (event: ClientEvent & { readonly type: 'document' }) =>
  event.transport === 'live' && requestsOf(event) === requests;

describe('a tsuwsgi behind a bare address', { timeout: 30_000 }, () => {
  test('is polled once, then streamed by deltas', async () => {
    await using server = await liveServer();
    using log = new ClientLog(`127.0.0.1:${server.port}`, { ...quick, intervalMs: 250 });
    assert.equal((await log.until('document')).transport, 'raw');
    await log.until('document', streamed(1));
    const subscribe = await server.hear('subscribe');
    assert.equal(subscribe.interval_ms, 250);
    server.publish(ourDocument(2));
    await log.until('document', streamed(2));
    server.publish(ourDocument(3));
    await log.until('document', streamed(3));
    assert.equal(server.accepted(), 2);
  });

  test('hears of a new interval and of a wish to refresh', async () => {
    await using server = await liveServer();
    using log = new ClientLog(`127.0.0.1:${server.port}`, quick);
    await log.until('document', streamed(1));
    const seen = log.events.length;
    log.client.setInterval(5);
    log.client.refresh();
    await log.until('document', streamed(1), seen);
    const intervals = server.heard.flatMap((each) =>
      each.type === 'subscribe' ? [each.interval_ms] : [],
    );
    assert.deepEqual(intervals, [100, 100]);
  });

  test('a gap or a change that does not fit is mended by a whole document', async () => {
    await using server = await liveServer();
    using log = new ClientLog(`127.0.0.1:${server.port}`, quick);
    await log.until('document', streamed(1));
    server.publish(ourDocument(2), 2);
    await log.until('document', streamed(2));
    server.send({ type: 'delta', seq: 3, delta: { '#': 9, '@': {} } });
    server.publish(ourDocument(4), 0);
    await log.until('document', streamed(4));
    assert.equal(server.heard.filter((each) => each.type === 'resync').length, 2);
    assert.deepEqual(
      log.events.filter((event) => event.type === 'problem'),
      [],
    );
  });

  test('a server that goes on sending nonsense is left, and tried again', async () => {
    await using server = await liveServer();
    using log = new ClientLog(`127.0.0.1:${server.port}`, quick);
    await log.until('document', streamed(1));
    for (let index = 0; index < 7; index++) server.send({ type: 'delta', seq: 'x' });
    const { message } = await log.until('disconnected');
    assert.match(message, /delta: "seq" is the string "x"/);
    await log.until('document', streamed(1), log.events.length);
  });

  test('a cut connection is reported, and the stream comes back', async () => {
    await using server = await liveServer();
    using log = new ClientLog(`127.0.0.1:${server.port}`, quick);
    await log.until('document', streamed(1));
    server.cut();
    const lost = await log.until('disconnected');
    assert.equal(lost.retryInMs, 250);
    await log.until('document', streamed(1), log.events.indexOf(lost));
  });

  test('another start of the server in the same stream is not mixed in', async () => {
    await using server = await liveServer();
    using log = new ClientLog(`127.0.0.1:${server.port}`, quick);
    await log.until('document', streamed(1));
    server.publish(ourDocument(0, 'fedcba9876543210'));
    assert.match((await log.until('disconnected')).message, /another start of the server/);
  });

  test('silence ends the connection', async () => {
    await using server = await liveServer();
    using log = new ClientLog(`127.0.0.1:${server.port}`, {
      timing: { ...timing, ping: 3_600_000, handshake: 50, silence: 100 },
    });
    await log.until('document', streamed(1));
    assert.match((await log.until('disconnected')).message, /silent/);
  });

  test('close ends it at once, and nothing is told afterwards', async () => {
    await using server = await liveServer();
    const log = new ClientLog(`127.0.0.1:${server.port}`, quick);
    await log.until('document', streamed(1));
    log.client.close();
    const seen = log.events.length;
    while (server.open() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(log.events.length, seen);
  });
});

describe('where the live protocol is not to be had', { timeout: 30_000 }, () => {
  test('a raw document in answer to the upgrade: polling goes on and the remedy is told', async () => {
    await using server = await liveServer({ statsWait: 0 });
    using log = new ClientLog(`127.0.0.1:${server.port}`, quick);
    await log.untilRefused(/larger --stats-wait/);
    const seen = log.events.length;
    assert.equal((await log.until('document', () => true, seen)).transport, 'raw');
    await log.until('document', () => true, log.events.length);
    assert.equal(log.events.filter((event) => event.type === 'control').length, 1);
  });

  test('a refused upgrade names its status', async () => {
    await using server = await liveServer({ refuse: 503 });
    using log = new ClientLog(`127.0.0.1:${server.port}`, quick);
    await log.untilRefused(/answered \/live with HTTP 503/);
    await log.until('document', () => true, log.events.length);
  });

  for (const [what, hello, message] of [
    ['another version', { protocol: 2 }, /speaks version 2, this client version 1/],
    ['a boot id that is a path', { boot_id: '../../etc/passwd' }, /"boot_id" is the string/],
    ['no greeting', { type: 'resync' }, /is not known/],
  ] as const) {
    test(`${what}: polling goes on`, async () => {
      await using server = await liveServer({ hello });
      using log = new ClientLog(`127.0.0.1:${server.port}`, quick);
      await log.untilRefused(message);
      assert.equal((await log.until('document', () => true, log.events.length)).transport, 'raw');
    });
  }

  test('a ws:// address streams without a poll, and says what is wrong', async () => {
    await using server = await liveServer();
    using log = new ClientLog(`ws://127.0.0.1:${server.port}`, quick);
    await log.until('document', streamed(1));
    assert.equal(server.accepted(), 1);
    await using other = await liveServer({ refuse: 404 });
    using refused = new ClientLog(`ws://127.0.0.1:${other.port}/elsewhere`, quick);
    assert.match(
      (await refused.until('disconnected')).message,
      /answered \/elsewhere with HTTP 404/,
    );
  });

  test('a ws:// address is fetched once too', async () => {
    await using server = await liveServer();
    const fetched = await fetchOnce(target(`ws://127.0.0.1:${server.port}`), quick);
    assert.ok(fetched.ok);
    assert.deepEqual(JSON.parse(fetched.value.raw), ourDocument(1));
  });
});

/** A runtime directory with a key in it, as the server would write it. */
function keyFolder(key: Partial<KeyFile> & { addresses: readonly string[] }): {
  env: { XDG_RUNTIME_DIR: string };
  file: string;
  key: string;
  [Symbol.dispose](): void;
} {
  const base = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-key-'));
  const secret = key.key ?? randomBytes(32).toString('hex');
  const bootId = key.boot_id ?? BOOT_ID;
  mkdirSync(path.join(base, 'tsuwsgi'), { mode: 0o700 });
  const file = path.join(base, 'tsuwsgi', `${bootId}.key`);
  const content = { boot_id: bootId, key: secret, addresses: key.addresses };
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  return {
    env: { XDG_RUNTIME_DIR: base },
    file,
    key: secret,
    [Symbol.dispose]() {
      rmSync(base, { recursive: true });
    },
  };
}

const NONCE = 'ab'.repeat(32);

/** Accepts a proof made with `key`, refuses others, and plays out commands. */
function checking(key: () => string): (message: ClientMessage) => unknown {
  return (message) => {
    if (message.type === 'command') {
      return { type: 'reply', id: message.id, ok: true, code: 'accepted', message: 'reloading' };
    }
    if (message.type !== 'auth') return undefined;
    const { role, nonce, address, mac } = message;
    const fields = { role, bootId: BOOT_ID, serverNonce: NONCE, clientNonce: nonce, address };
    const expected = createHmac('sha256', Buffer.from(key(), 'hex')).update(authPayload(fields));
    const ok = mac === expected.digest('hex');
    const verdict = ok
      ? { code: 'accepted', message: '' }
      : { code: 'bad-key', message: 'wrong key' };
    return { type: 'authorised', ok, ...verdict };
  };
}

describe('control', { timeout: 30_000 }, () => {
  test('comes with the key of this very address, and a command is answered and has an outcome', async () => {
    let key = '';
    await using server = await liveServer({ nonce: NONCE, answer: checking(() => key) });
    using folder = keyFolder({ addresses: ['/x.sock', `127.0.0.1:${server.port}`] });
    key = folder.key;
    using log = new ClientLog(`:${server.port}`, { ...quick, env: folder.env });
    await log.until('control', (event) => event.control.available);
    log.client.command(4, { name: 'reload-worker', worker: 1, pid: 8, spawned: 9 });
    assert.equal((await log.until('reply')).message, 'reloading');
    server.send({ type: 'outcome', id: 99, ok: true, code: 'done', message: 'not ours' });
    server.send({ type: 'outcome', id: 4, ok: true, code: 'done', message: 'worker 1 is new' });
    const outcome = await log.until('outcome');
    assert.deepEqual([outcome.id, outcome.message], [4, 'worker 1 is new']);
    const { command } = await server.hear('command');
    assert.deepEqual(command, { name: 'reload-worker', worker: 1, pid: 8, spawned: 9 });
  });

  test('a command that was open when the connection broke is reported as unknown', async () => {
    let key = '';
    await using server = await liveServer({ nonce: NONCE, answer: checking(() => key) });
    using folder = keyFolder({ addresses: [`127.0.0.1:${server.port}`] });
    key = folder.key;
    using log = new ClientLog(`127.0.0.1:${server.port}`, { ...quick, env: folder.env });
    await log.until('control', (event) => event.control.available);
    log.client.command(1, { name: 'reload' });
    await log.until('reply');
    server.cut();
    const outcome = await log.until('outcome');
    assert.deepEqual([outcome.id, outcome.ok, outcome.code], [1, false, 'failed']);
    await log.until('control', (event) => !event.control.available);
  });

  test('a server that passes on the challenge of another instance gets nothing', async () => {
    await using server = await liveServer({ nonce: NONCE });
    using folder = keyFolder({ addresses: ['127.0.0.1:1', '/run/other.sock'] });
    using log = new ClientLog(`127.0.0.1:${server.port}`, { ...quick, env: folder.env });
    await log.untilRefused(/names a key of an instance on 127\.0\.0\.1:1, \/run\/other\.sock/);
    server.publish(ourDocument(2));
    await log.until('document', streamed(2));
    assert.deepEqual(
      server.heard.filter((each) => each.type === 'auth'),
      [],
    );
  });

  test('through a tunnel the key file vouches', async () => {
    let key = '';
    await using server = await liveServer({ nonce: NONCE, answer: checking(() => key) });
    using folder = keyFolder({ addresses: ['10.0.0.1:9191'] });
    key = folder.key;
    const keyFile = folder.file;
    using log = new ClientLog(`127.0.0.1:${server.port}`, { ...quick, keyFile });
    await log.until('control', (event) => event.control.available);
    assert.equal((await server.hear('auth')).address, '10.0.0.1:9191');
  });

  test('a key that the server does not know is refused with its words', async () => {
    const answer = checking(() => '00'.repeat(32));
    await using server = await liveServer({ nonce: NONCE, answer });
    using folder = keyFolder({ addresses: [`127.0.0.1:${server.port}`] });
    using log = new ClientLog(`127.0.0.1:${server.port}`, { ...quick, env: folder.env });
    await log.untilRefused(/^the server refused the key: wrong key$/);
  });

  for (const [control, reason] of [
    ['read-only', /--stats-read-only/],
    ['needs-tls', /a unix socket or loopback/],
    ['no-key', /no folder for its key.*XDG_RUNTIME_DIR/],
  ] as const) {
    test(`is not asked for where the server says ${control}`, async () => {
      await using server = await liveServer({ hello: { control } });
      using folder = keyFolder({ addresses: [`127.0.0.1:${server.port}`] });
      using log = new ClientLog(`127.0.0.1:${server.port}`, { ...quick, env: folder.env });
      await log.untilRefused(reason);
    });
  }

  test('without a key says where it was looked for', async () => {
    await using server = await liveServer();
    using folder = keyFolder({ addresses: [], boot_id: 'ffffffffffffffff' });
    const env = folder.env;
    using log = new ClientLog(`127.0.0.1:${server.port}`, { ...quick, env });
    await log.untilRefused(/there is no key .*0123456789abcdef\.key: control is for the user/);
    symlinkSync(folder.file, path.join(env.XDG_RUNTIME_DIR, 'tsuwsgi', `${BOOT_ID}.key`));
    using second = new ClientLog(`127.0.0.1:${server.port}`, { ...quick, env });
    await second.untilRefused(/is a symbolic link/);
  });
});
