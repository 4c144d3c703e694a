import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import { total } from '../../../shared/histogram.js';
import { CLOSE, connectRaw, get, startAccounted } from '../../support/accounted-server.js';
import { eventually } from '../../support/eventually.js';

const hello: http.RequestListener = (_request, response) => {
  response.end('hello');
};

/** Keeps the answers of all requests until they are asked for. */
function holding() {
  const held: http.ServerResponse[] = [];
  const listener: http.RequestListener = (_request, response) => void held.push(response);
  return { held, listener };
}

describe('every request is counted once', () => {
  test('over one kept-alive connection', async (t) => {
    const { port, settled } = await startAccounted(t, hello);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    t.after(() => {
      agent.destroy();
    });
    for (let request = 0; request < 50; request++) {
      const asked = http.get({ port, agent, path: `/${request}` });
      const [response] = (await once(asked, 'response')) as [http.IncomingMessage];
      await response.toArray();
    }
    const sample = await settled(50);
    assert.equal(sample.requests, 50);
    assert.equal(sample.aborted, 0);
    assert.equal(total(sample.buckets), 50);
    assert.deepEqual(sample.cores, [50]);
    assert.deepEqual(sample.flights, []);
  });

  test('over two hundred connections at once, and tx is what the clients received', async (t) => {
    const { port, settled } = await startAccounted(t, (_request, response) => {
      setImmediate(() => response.end('x'.repeat(1000)));
    });
    const clients = Array.from({ length: 200 }, () => connectRaw(port, get('/', CLOSE)));
    const texts = await Promise.all(clients.map((client) => client.closed()));
    const sample = await settled(200);
    assert.equal(sample.requests, 200);
    assert.equal(sample.aborted, 0);
    assert.equal(
      sample.tx,
      texts.reduce((sum, text) => sum + text.length, 0),
    );
  });

  test('when it is pipelined, whatever the order in which the answers are written', async (t) => {
    const { held, listener } = holding();
    const { port, sample, settled } = await startAccounted(t, listener);
    const client = connectRaw(port, get('/1') + get('/2') + get('/3') + get('/4', CLOSE));
    await eventually('four requests in the application', () => held.length === 4);
    assert.equal(sample().inFlight, 4);
    for (const response of held.toReversed()) response.end('ok');
    const text = await client.closed();
    const { requests, aborted, tx } = await settled(4);
    assert.deepEqual({ requests, aborted, tx }, { requests: 4, aborted: 0, tx: text.length });
  });

  test('when its body was read to the end while answers before it are still to come', async (t) => {
    const held: http.ServerResponse[] = [];
    const { port, sample, settled } = await startAccounted(t, (request, response) => {
      request.resume().on('end', () => void held.push(response));
    });
    const client = connectRaw(port, get('/1') + get('/2') + get('/3', CLOSE));
    await eventually('three requests in the application', () => held.length === 3);
    await new Promise(setImmediate);
    assert.equal(sample().inFlight, 3, 'none is over');
    for (const response of held) response.end('ok');
    const text = await client.closed();
    const { requests, aborted, tx } = await settled(3);
    assert.deepEqual({ requests, aborted, tx }, { requests: 3, aborted: 0, tx: text.length });
  });

  test('when its client leaves before the head', async (t) => {
    const { held, listener } = holding();
    const { port, settled } = await startAccounted(t, listener);
    const client = connectRaw(port, get('/'));
    await eventually('the request', () => held.length === 1);
    client.socket.destroy();
    const { requests, aborted } = await settled(1);
    assert.deepEqual({ requests, aborted }, { requests: 1, aborted: 1 });
    held[0]?.end('too late');
    assert.equal((await settled(1)).requests, 1);
  });

  test('when its client leaves in the middle of the body', async (t) => {
    const { port, settled } = await startAccounted(t, (_request, response) => {
      response.write('half of ');
    });
    const client = connectRaw(port, get('/'));
    await client.got(/half of/);
    client.socket.destroy();
    const { requests, aborted } = await settled(1);
    assert.deepEqual({ requests, aborted }, { requests: 1, aborted: 1 });
  });

  test('when the client of several pipelined ones leaves', async (t) => {
    for (const consume of [false, true]) {
      let arrived = 0;
      const { port, settled } = await startAccounted(t, (request) => {
        if (consume) request.resume().on('end', () => (arrived += 1));
        else arrived++;
      });
      const client = connectRaw(port, get('/1') + get('/2') + get('/3'));
      await eventually('three requests', () => arrived === 3);
      client.socket.destroy();
      const { requests, aborted } = await settled(3);
      assert.deepEqual({ requests, aborted }, { requests: 3, aborted: 3 });
    }
  });

  test('when it is a HEAD', async (t) => {
    const { port, settled } = await startAccounted(t, hello);
    const text = await connectRaw(port, get('/', CLOSE).replace('GET', 'HEAD')).closed();
    const { requests, aborted, tx } = await settled(1);
    assert.deepEqual({ requests, aborted, tx }, { requests: 1, aborted: 0, tx: text.length });
  });

  test('when a checkContinue listener hands it on as a request', async (t) => {
    const { port, settled, server } = await startAccounted(t, hello, {
      on: {
        checkContinue: (request: http.IncomingMessage, response: http.ServerResponse) => {
          response.writeContinue();
          server.emit('request', request, response);
        },
      },
    });
    const head = ['POST / HTTP/1.1', 'Host: x', CLOSE, 'Content-Length: 2', 'Expect: 100-continue'];
    const client = connectRaw(port, [...head, '', ''].join('\r\n'));
    await client.got(/100 Continue/);
    client.socket.write('ab');
    const text = await client.closed();
    const { requests, tx } = await settled(1);
    assert.deepEqual({ requests, tx }, { requests: 1, tx: text.length });
  });

  test('when it is an endless stream of events, once its client leaves', async (t) => {
    const { port, sample, settled } = await startAccounted(t, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const client = connectRaw(port, get('/events'));
    await client.got(/data: 1/);
    assert.equal(sample().inFlight, 1);
    assert.equal(sample().flights[0]?.uri, '/events');
    client.socket.destroy();
    assert.equal((await settled(1)).requests, 1);
  });
});

describe('a connection that changes its protocol', () => {
  for (const [event, head] of [
    ['upgrade', get('/chat', 'Connection: Upgrade', 'Upgrade: echo')],
    ['connect', 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n'],
  ] as const) {
    test(`by ${event} is one request and a gauge that returns to zero`, async (t) => {
      const { port, sample, settled } = await startAccounted(t, hello, {
        on: {
          [event]: (_request: http.IncomingMessage, socket: Duplex) => {
            socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
            socket.pipe(socket);
          },
        },
      });
      const client = connectRaw(port, head);
      await client.got(/101/);
      assert.equal(sample().upgraded, 1);
      assert.equal(sample().inFlight, 0);
      client.socket.write('marco');
      await client.got(/marco/);
      client.socket.end();
      const text = await client.closed();
      const { requests, tx } = await settled(1);
      assert.deepEqual({ requests, tx }, { requests: 1, tx: text.length });
    });
  }
});

describe('a refused request', () => {
  test('is counted, and the application never sees it', async (t) => {
    let seen = 0;
    const { port, settled } = await startAccounted(t, () => (seen += 1), {
      admit: (_request, response) => {
        response.writeHead(400, { connection: 'close' }).end('no');
        return false;
      },
    });
    const text = await connectRaw(port, get('/')).closed();
    const { requests, tx, buckets } = await settled(1);
    assert.deepEqual({ requests, tx, buckets }, { requests: 1, tx: text.length, buckets: [] });
    assert.equal(seen, 0);
  });
});

describe('--async', () => {
  test('runs no more than its number, the rest in the order of their arrival', async (t) => {
    const { held, listener } = holding();
    const { port, sample, settled } = await startAccounted(t, listener, { cap: 2 });
    const order: string[] = [];
    for (let request = 0; request < 6; request++) {
      connectRaw(port, get(`/${request}`, CLOSE));
      await eventually('its arrival', () => sample().inFlight + sample().queued === request + 1);
    }
    assert.equal(sample().queued, 4);
    while (order.length < 6) {
      const response = await eventually('the next request', () => held.shift());
      assert.ok(sample().inFlight <= 2);
      order.push(response.req.url ?? '');
      response.end();
    }
    assert.deepEqual(order, ['/0', '/1', '/2', '/3', '/4', '/5']);
    const { requests, cores } = await settled(6);
    assert.equal(requests, 6);
    assert.equal(
      cores.reduce((sum, served) => sum + served, 0),
      6,
    );
    assert.equal(cores.length, 2);
  });

  test('counts a request whose client left the queue, and keeps the place for the next', async (t) => {
    const { held, listener } = holding();
    const { port, sample, settled } = await startAccounted(t, listener, { cap: 1 });
    const first = connectRaw(port, get('/first', CLOSE));
    await eventually('the first', () => held.length === 1);
    const second = connectRaw(port, get('/second'));
    await eventually('the second in the queue', () => sample().queued === 1);
    const third = connectRaw(port, get('/third', CLOSE));
    await eventually('the third in the queue', () => sample().queued === 2);
    second.socket.destroy();
    await eventually('the second to be gone', () => sample().queued === 1);
    held[0]?.end('1');
    await first.closed();
    await eventually('the third', () => held.length === 2);
    assert.equal(held[1]?.req.url, '/third');
    held[1].end('3');
    await third.closed();
    const { requests, aborted } = await settled(3);
    assert.deepEqual({ requests, aborted }, { requests: 3, aborted: 1 });
  });

  test('does not run pipelined requests whose connection is gone', async (t) => {
    const { held, listener } = holding();
    const { port, sample, settled } = await startAccounted(t, listener, { cap: 1 });
    const client = connectRaw(port, get('/1') + get('/2') + get('/3'));
    await eventually('two in the queue', () => sample().queued === 2);
    client.socket.destroy();
    const { requests, aborted } = await settled(3);
    assert.deepEqual({ requests, aborted }, { requests: 3, aborted: 3 });
    assert.equal(held.length, 1);
  });
});
