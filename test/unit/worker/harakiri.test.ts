import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { describe, test, type TestContext } from 'node:test';
import type { HarakiriFrame } from '../../../server/wire/harakiri-frames.js';
import type { HarakiriConfig } from '../../../server/worker/config.js';
import { admit } from '../../../server/http/gate.js';
import { watchSlowRequests } from '../../../server/worker/harakiri/harakiri.js';
import { createLimits, limitWriter } from '../../../server/worker/harakiri/limits.js';
import { FIELD } from '../../../server/worker/memory.js';
import { BEAT_MS } from '../../../server/worker/sample.js';
import {
  type AccountedServer,
  type AccountedSettings,
  CLOSE,
  connectRaw,
  get,
  startAccounted,
} from '../../support/accounted-server.js';
import { eventually } from '../../support/eventually.js';

interface Watched extends AccountedServer {
  readonly frames: HarakiriFrame[];
  readonly said: string[];
}

interface Settings extends Partial<HarakiriConfig> {
  readonly accounted?: AccountedSettings;
}

/** A real server in this process whose requests have time limits, as in a worker. */
async function startWatched(
  t: TestContext,
  listener: http.RequestListener,
  { accounted, ...given }: Settings = {},
): Promise<Watched> {
  const config: HarakiriConfig = { limitMs: 200, routes: [], queueThreshold: 0, ...given };
  const limits = createLimits(config);
  assert.ok(limits);
  let write: ((core: number, url: string) => void) | null = null;
  const started = await startAccounted(t, listener, {
    admit: (request, response) => admit(request, response),
    limit: (core, url) => write?.(core, url),
    ...accounted,
  });
  write = limitWriter(limits, started.memory);
  const frames: HarakiriFrame[] = [];
  const said: string[] = [];
  const watch = watchSlowRequests({
    worker: 1,
    accounting: started.accounting,
    limits,
    memory: started.memory,
    queueThreshold: config.queueThreshold,
    now: () => performance.now(),
    send: (frame) => void frames.push(frame),
    say: (line) => void said.push(line),
  });
  const timer = setInterval(() => {
    watch.beat();
  }, BEAT_MS);
  t.after(() => {
    clearInterval(timer);
  });
  return { ...started, frames, said };
}

/** Answers what does not begin with /slow, and keeps the rest. */
function holding() {
  const held: http.ServerResponse[] = [];
  const listener: http.RequestListener = (request, response) => {
    if (request.url?.startsWith('/slow') === true) held.push(response);
    else response.end('fast');
  };
  return { held, listener };
}

describe('a request that takes too long', () => {
  test('gets 504 and the end of its connection, and is over in the books once', async (t) => {
    const { held, listener } = holding();
    const { port, settled, frames, sample } = await startWatched(t, listener);
    const startedAt = performance.now();
    const client = connectRaw(port, get('/slow?x=1'));
    const answer = await client.closed();
    const took = performance.now() - startedAt;
    assert.match(answer, /^HTTP\/1\.1 504 Gateway Timeout\r\n/);
    assert.match(answer, /\r\nConnection: close\r\n/);
    assert.match(answer, /\r\n\r\nthe request took too long\n$/);
    assert.ok(took >= 200, `after ${took} ms`);
    const { requests, aborted, tx } = await settled(1);
    assert.deepEqual(
      { requests, aborted, tx },
      { requests: 1, aborted: 0, tx: answer.length },
      'the client did not leave: it was answered',
    );
    assert.equal(frames.length, 1);
    const [frame] = frames;
    assert.ok(frame && frame.ageMs >= 200);
    assert.deepEqual(
      { ...frame, ageMs: 0 },
      {
        type: 'harakiri',
        face: 'slow',
        core: 0,
        method: 'GET',
        uri: '/slow?x=1',
        peer: '127.0.0.1',
        ageMs: 0,
        inFlight: 1,
        queued: 0,
        stack: [],
      },
    );
    // What the application does with it from now on has no effect, and throws nothing.
    const [late] = held;
    late?.setHeader('x-late', '1');
    late?.writeHead(200);
    late?.write('late');
    late?.end('too late');
    await new Promise(setImmediate);
    assert.equal(sample().requests, 1);
  });

  test('is given up within 100 ms of its limit, between two beats as well', async (t) => {
    const { listener } = holding();
    const { port, frames } = await startWatched(t, listener, { limitMs: 250 });
    for (let round = 0; round < 4; round++) {
      await connectRaw(port, get(`/slow${round}`)).closed();
    }
    // The best: on a loaded machine timers come late.
    const ages = frames.map(({ ageMs }) => ageMs).sort((a, b) => a - b);
    assert.equal(ages.length, 4);
    assert.ok(
      ages.every((age) => age >= 250),
      ages.join(),
    );
    assert.ok((ages[0] ?? Infinity) < 350, ages.join());
  });

  test('leaves the others alone, on their own connections', async (t) => {
    const { held, listener } = holding();
    const routes = [{ pattern: '^/slow-but-allowed', ms: 0 }];
    const { port, settled } = await startWatched(t, listener, { routes });
    const allowed = connectRaw(port, get('/slow-but-allowed', CLOSE));
    await eventually('it to be inside', () => held.length === 1);
    const late = connectRaw(port, get('/slow'));
    const fast: string[] = [];
    while (late.received() === '') fast.push(await connectRaw(port, get('/', CLOSE)).closed());
    assert.match(await late.closed(), /^HTTP\/1\.1 504 /);
    assert.ok(fast.length > 0);
    assert.ok(fast.every((text) => text.startsWith('HTTP/1.1 200 ')));
    held[0]?.end('allowed');
    assert.match(await allowed.closed(), /^HTTP\/1\.1 200 [^]*allowed$/);
    const { requests, aborted } = await settled(fast.length + 2);
    assert.deepEqual({ requests, aborted }, { requests: fast.length + 2, aborted: 0 });
  });

  test('is over once on a kept-alive connection too, after others', async (t) => {
    const { listener } = holding();
    const { port, settled } = await startWatched(t, listener);
    const client = connectRaw(port, get('/1'));
    await client.got(/fast/);
    client.socket.write(get('/2'));
    await client.got(/fast[^]*fast/);
    client.socket.write(get('/slow'));
    const text = await client.closed();
    assert.match(text, /HTTP\/1\.1 504 /);
    const { requests, aborted, tx, cores } = await settled(3);
    assert.deepEqual(
      { requests, aborted, tx, cores },
      { requests: 3, aborted: 0, tx: text.length, cores: [3] },
    );
  });

  test('loses its connection when its answer has begun', async (t) => {
    const { port, settled, frames } = await startWatched(t, (_request, response) => {
      response.write('the first half');
    });
    const text = await connectRaw(port, get('/slow')).closed();
    assert.match(text, /^HTTP\/1\.1 200 [^]*the first half/);
    assert.doesNotMatch(text, /504|\r\n0\r\n\r\n$/, 'and the client sees that it is not whole');
    assert.equal((await settled(1)).requests, 1);
    assert.equal(frames.length, 1);
  });

  test('gets no content when it is HEAD', async (t) => {
    const { port } = await startWatched(t, () => undefined);
    const text = await connectRaw(port, get('/').replace('GET', 'HEAD')).closed();
    assert.match(text, /^HTTP\/1\.1 504 [^]*\r\n\r\n$/);
  });

  test('takes those with it that were sent behind it, and they do not reach anybody', async (t) => {
    const { held, listener } = holding();
    const { port, settled } = await startWatched(t, listener);
    const client = connectRaw(port, get('/slow/1') + get('/slow/2'));
    await eventually('both to be inside', () => held.length === 2);
    const text = await client.closed();
    assert.equal(text.match(/HTTP\/1\.1 504 /g)?.length, 1, text);
    assert.equal((await settled(2)).requests, 2);
  });

  test('is found beyond the places that have names', async (t) => {
    const { port, settled, frames } = await startWatched(t, () => undefined, { limitMs: 1000 });
    const clients = Array.from({ length: 260 }, (_, id) => connectRaw(port, get(`/${id}`)));
    const texts = await Promise.all(clients.map((client) => client.closed()));
    assert.ok(texts.every((text) => text.startsWith('HTTP/1.1 504 ')));
    const { requests, aborted } = await settled(260);
    assert.deepEqual({ requests, aborted }, { requests: 260, aborted: 0 });
    assert.equal(frames.filter(({ core }) => core === -1).length, 4);
  });

  test('gives its place to one that waits for it', async (t) => {
    const { held, listener } = holding();
    const { port, settled } = await startWatched(t, listener, { accounted: { cap: 1 } });
    const late = connectRaw(port, get('/slow'));
    await eventually('it to be inside', () => held.length === 1);
    const waiting = connectRaw(port, get('/', CLOSE));
    assert.match(await late.closed(), /504/);
    assert.match(await waiting.closed(), /200/);
    assert.equal((await settled(2)).requests, 2);
  });
});

describe('what is no fault of the application', () => {
  test('an answer that is whole and waits for a slow client is left alone', async (t) => {
    const size = 30_000_000;
    const { port, settled, frames } = await startWatched(t, (_request, response) => {
      response.end(Buffer.alloc(size, 'x'));
    });
    const request = http.get({ port, agent: false });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    const since = performance.now();
    await eventually('three times its limit to be over', () => performance.now() - since > 600);
    let length = 0;
    for await (const chunk of response) length += (chunk as Buffer).length;
    assert.equal(length, size);
    assert.equal((await settled(1)).aborted, 0);
    assert.deepEqual(frames, []);
  });

  test('a request is spared while too few connections wait, which is said once', async (t) => {
    const { listener } = holding();
    const watched = await startWatched(t, listener, { queueThreshold: 3 });
    watched.memory.fields[FIELD.listenQueue] = 2;
    const client = connectRaw(watched.port, get('/slow', CLOSE));
    await eventually('a line', () => watched.said.length > 0);
    assert.match(
      watched.said[0] ?? '',
      /^HARAKIRI skipped on worker 1 core 0: GET \/slow takes 0\.\d s, but the listen queue is 2 of 3$/,
    );
    assert.equal(client.received(), '');
    watched.memory.fields[FIELD.listenQueue] = 3;
    assert.match(await client.closed(), /^HTTP\/1\.1 504 /);
    assert.equal(watched.said.length, 1);
  });
});
