import assert from 'node:assert/strict';
import { once } from 'node:events';
import type http from 'node:http';
import type { Duplex } from 'node:stream';
import { type TestContext, describe, test } from 'node:test';
import { createDrain } from '../../../server/worker/drain.js';
import {
  type AccountedSettings,
  connectRaw,
  get,
  startAccounted,
} from '../../support/accounted-server.js';
import { eventually } from '../../support/eventually.js';

const NONE = { servers: [], close: () => undefined };

/** A server that can be drained as a worker is. */
async function startDraining(
  test: TestContext,
  listener: http.RequestListener,
  settings: AccountedSettings = {},
) {
  const hooks: { onEnd: () => void } = { onEnd: () => undefined };
  const onEnd = (): void => {
    hooks.onEnd();
  };
  const accounted = await startAccounted(test, listener, { ...settings, onEnd });
  let isDone = false;
  const drain = createDrain(accounted.server, NONE, accounted.accounting, () => (isDone = true));
  hooks.onEnd = () => {
    drain.onEnd();
  };
  return {
    ...accounted,
    drain,
    done: () => eventually('the worker to be empty', () => isDone),
    /** Starts the drain, and lets the graces for idle and for silent connections pass at once. */
    startWithoutGrace: () => {
      test.mock.timers.enable({ apis: ['setTimeout'] });
      drain.start();
      test.mock.timers.tick(1000);
      test.mock.timers.tick(1000);
      test.mock.timers.reset();
    },
  };
}

describe('draining a worker', () => {
  test('answers on a kept-alive connection once more, and says that it closes', async (t) => {
    const { port, drain, done } = await startDraining(t, (_request, response) => {
      response.end('hello');
    });
    const client = connectRaw(port, get('/1'));
    await client.got(/hello/);
    drain.start();
    client.socket.write(get('/2'));
    const text = await client.closed();
    assert.equal(text.split('hello').length, 3);
    assert.match(text.slice(text.indexOf('hello')), /Connection: close/);
    await done();
  });

  test('accepts no further connection', async (t) => {
    const { port, drain, done } = await startDraining(t, (_request, response) => {
      response.end();
    });
    drain.start();
    drain.start();
    await done();
    await assert.rejects(connectRaw(port, get('/')).closed(), { code: 'ECONNREFUSED' });
  });

  test('finishes what is in flight and what waits, then is done', async (t) => {
    const held: http.ServerResponse[] = [];
    const { port, drain, done, sample } = await startDraining(
      t,
      (_request, response) => void held.push(response),
      { cap: 1 },
    );
    const clients = [connectRaw(port, get('/1'))];
    await eventually('the first request', () => held.length === 1);
    clients.push(connectRaw(port, get('/2')));
    await eventually('the second in the queue', () => sample().queued === 1);
    drain.start();
    held[0]?.end('one');
    await eventually('the second request', () => held.length === 2);
    held[1]?.end('two');
    const texts = await Promise.all(clients.map((client) => client.closed()));
    assert.match(texts[0] ?? '', /Connection: close[^]*one$/);
    assert.match(texts[1] ?? '', /Connection: close[^]*two$/);
    await done();
    assert.equal(sample().requests, 2);
    assert.equal(sample().aborted, 0);
  });

  test('closes connections on which nothing comes any more', async (t) => {
    const { port, startWithoutGrace, done } = await startDraining(t, (_request, response) => {
      response.end('hello');
    });
    const client = connectRaw(port, get('/'));
    await client.got(/hello/);
    const silent = connectRaw(port, '');
    await once(silent.socket, 'connect');
    startWithoutGrace();
    await client.closed();
    await silent.closed();
    await done();
  });

  test('does not cut off an answer that a slow client is still reading', async (t) => {
    const body = Buffer.alloc(32 * 1024 * 1024, 'x');
    const { port, sample, startWithoutGrace, done } = await startDraining(
      t,
      (_request, response) => {
        response.end(body);
      },
    );
    const client = connectRaw(port, get('/'));
    client.socket.pause();
    await eventually('the request', () => sample().inFlight === 1);
    startWithoutGrace();
    client.socket.resume();
    const text = await client.closed();
    assert.equal(text.length - text.indexOf('\r\n\r\n') - 4, body.length);
    await done();
  });

  test('ends upgraded connections, which no answer would', async (t) => {
    const { port, startWithoutGrace, done } = await startDraining(t, () => undefined, {
      on: {
        upgrade: (_request: http.IncomingMessage, socket: Duplex) => {
          socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
        },
      },
    });
    const client = connectRaw(port, get('/', 'Connection: Upgrade', 'Upgrade: x'));
    await client.got(/101/);
    startWithoutGrace();
    await client.closed();
    await done();
  });
});
