import assert from 'node:assert/strict';
import type http from 'node:http';
import { describe, test } from 'node:test';
import { DEFAULT_LIMITS } from '../../server/http/limits.js';
import { eventually } from '../support/eventually.js';
import { get } from '../support/http.js';
import { RawClient, startRouterRig } from '../support/router-rig.js';

const answer =
  (body: string): http.RequestListener =>
  (request, response) => {
    request.resume();
    response.end(body);
  };

describe('messages through the router', () => {
  test('a request arrives with its fields in order and case, and none of the connection', async (t) => {
    const seen: string[][] = [];
    const { port } = await startRouterRig(t, [
      {
        handler: ({ rawHeaders, url = '' }, response) => {
          seen.push([url, ...rawHeaders]);
          response.end();
        },
      },
    ]);
    using client = new RawClient(port).send(
      'GET /a?b=%20 HTTP/1.1\r\nHoSt: catserve.io\r\nConnection: close, X-Own\r\nX-Own: 1\r\n' +
        'B: 2\r\na: 1\r\nB: 3\r\nKeep-Alive: timeout=9\r\nTE: gzip\r\n\r\n',
    );
    await eventually('the answer', () => client.ending === 'end');
    assert.deepEqual(seen[0]?.slice(0, 9), [
      ...['/a?b=%20', 'HoSt', 'catserve.io', 'B', '2', 'a', '1', 'B', '3'],
    ]);
    assert.deepEqual(
      seen[0].slice(9).filter((_, index) => index % 2 === 0),
      [...['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'Forwarded', 'Via']],
    );
  });

  test('an answer keeps its fields in order and case, repeated ones and its reason', async (t) => {
    const { port } = await startRouterRig(t, [
      {
        handler: (_, response) => {
          const fields = ['X-b', '1', 'Set-Cookie', 'a=1', 'x-A', '2', 'Set-Cookie', 'b=2'];
          response.writeHead(299, 'Fine Enough', fields).end('hello');
        },
      },
    ]);
    using client = new RawClient(port).send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await eventually('the answer', () => client.received.includes('hello'));
    assert.match(
      client.received,
      /^HTTP\/1.1 299 Fine Enough\r\nX-b: 1\r\nSet-Cookie: a=1\r\nx-A: 2\r\nSet-Cookie: b=2\r\n/,
    );
    assert.equal(client.received.match(/^date:/gim)?.length, 1);
  });

  test('HEAD, 204 and 304 have no body, keep their fields, and the connection goes on', async (t) => {
    const { port } = await startRouterRig(t, [
      {
        handler: ({ url, method }, response) => {
          if (url === '/204') response.writeHead(204).end();
          else if (url === '/304') response.writeHead(304, { ETag: '"1"' }).end();
          else if (url === '/chunked') response.writeHead(200).end('part');
          else
            response.writeHead(200, { 'Content-Length': 5 }).end(method === 'GET' ? 'hello' : '');
        },
      },
    ]);
    using client = new RawClient(port).send(
      ['HEAD /', 'HEAD /chunked', 'GET /204', 'GET /304', 'GET /']
        .map((line) => `${line} HTTP/1.1\r\nHost: a\r\n\r\n`)
        .join(''),
    );
    await eventually('the last answer', () => client.received.endsWith('hello'));
    const [head, chunked, empty, same, last] = client.received.split(/(?<=\r\n\r\n)/);
    assert.match(head ?? '', /^HTTP\/1.1 200 OK\r\nContent-Length: 5\r\n/);
    assert.match(chunked ?? '', /^HTTP\/1.1 200/);
    assert.match(empty ?? '', /^HTTP\/1.1 204 No Content\r\n/);
    assert.doesNotMatch(empty ?? '', /content-length|transfer-encoding/i);
    assert.match(same ?? '', /^HTTP\/1.1 304 Not Modified\r\nETag: "1"\r\n/);
    assert.match(last ?? '', /^HTTP\/1.1 200 OK\r\nContent-Length: 5\r\n/);
  });

  test('trailers pass in both directions', async (t) => {
    const { port } = await startRouterRig(t, [
      {
        handler: (request, response) => {
          request.resume().on('end', () => {
            response.writeHead(200, { Trailer: 'X-Sum' });
            response.write('body');
            response.addTrailers({ 'X-Sum': request.rawTrailers.join('=') });
            response.end();
          });
        },
      },
    ]);
    using client = new RawClient(port).send(
      'POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n' +
        '3\r\nabc\r\n0\r\nX-Count: 3\r\n\r\n',
    );
    await eventually('the trailers', () =>
      client.received.endsWith('\r\n4\r\nbody\r\n0\r\nX-Sum: X-Count=3\r\n\r\n'),
    );
    assert.match(client.received, /\r\nTrailer: X-Sum\r\n/);
  });

  test('100 is said only when the worker says it, and a refusal comes without it', async (t) => {
    const asked: http.IncomingMessage[] = [];
    const { port } = await startRouterRig(t, [
      {
        handler: answer('no'),
        prepare(server) {
          server.on(
            'checkContinue',
            (request: http.IncomingMessage, response: http.ServerResponse) => {
              if (request.url === '/no') {
                response.writeHead(417).end();
                return;
              }
              asked.push(request);
              response.writeContinue();
              request.setEncoding('utf8').on('data', (text: string) => response.end(text));
            },
          );
        },
      },
    ]);
    const head = 'HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n';
    using client = new RawClient(port).send(`PUT / ${head}`);
    await eventually('100', () => client.received === 'HTTP/1.1 100 Continue\r\n\r\n');
    assert.equal(asked.length, 1);
    client.send('abc');
    await eventually('the answer', () => client.received.endsWith('\r\n\r\nabc'));
    using refused = new RawClient(port).send(`PUT /no ${head}`);
    await eventually('the end', () => refused.ending === 'end');
    assert.match(refused.received, /^HTTP\/1.1 417 /);
    assert.match(refused.received, /\r\nConnection: close\r\n/i);
  });

  test('103 passes before the answer, and not to HTTP/1.0', async (t) => {
    const { port } = await startRouterRig(t, [
      {
        handler: (_, response) => {
          response.writeEarlyHints({ link: '</a.css>; rel=preload' });
          response.end('ok');
        },
      },
    ]);
    using client = new RawClient(port).send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await eventually('the answer', () => client.received.includes('200 OK'));
    assert.match(
      client.received,
      /^HTTP\/1.1 103 Early Hints\r\nLink: <\/a.css>; rel=preload\r\n\r\nHTTP\/1.1 200 OK/,
    );
    using old = new RawClient(port).send('GET / HTTP/1.0\r\n\r\n');
    await eventually('the end', () => old.ending === 'end');
    assert.match(old.received, /^HTTP\/1.1 200 OK/);
  });

  test('a client of HTTP/1.0 gets a body that ends with the connection, not chunks', async (t) => {
    const { port } = await startRouterRig(t, [
      {
        handler: (_, response) => {
          response.write('one ');
          response.end('two');
        },
      },
    ]);
    using client = new RawClient(port).send('GET / HTTP/1.0\r\n\r\n');
    await eventually('the end', () => client.ending !== null);
    assert.equal(client.ending, 'end');
    assert.match(client.received, /\r\n\r\none two$/);
    assert.doesNotMatch(client.received, /transfer-encoding/i);
  });

  test('the target of an absolute form names the host, and other forms are refused', async (t) => {
    const { port, router } = await startRouterRig(t, [
      {
        handler: ({ url, headers }, response) => response.end(`${headers.host ?? ''}|${url ?? ''}`),
      },
    ]);
    using client = new RawClient(port).send(
      'GET http://catserve.io:80/x?y HTTP/1.1\r\nHost: catserve.biz\r\nConnection: close\r\n\r\n',
    );
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /\r\n\r\ncatserve.io:80\|\/x\?y$/);
    using other = new RawClient(port).send('GET ftp://catserve.io/ HTTP/1.1\r\nHost: a\r\n\r\n');
    await eventually('the end', () => other.ending === 'end');
    assert.match(other.received, /^HTTP\/1.1 400 /);
    assert.deepEqual(router.figures().refused, [['invalid_target', 1]]);
  });

  test('what the gate refuses never reaches a worker, and is counted by its reason', async (t) => {
    let asked = 0;
    const { port, router } = await startRouterRig(t, [
      {
        handler: (_, response) => {
          asked++;
          response.end();
        },
      },
    ]);
    using client = new RawClient(port).send(
      'GET / HTTP/1.1\r\nHost: catserve.io\r\nHost: catserve.biz\r\n\r\n',
    );
    await eventually('the end', () => client.ending === 'end');
    assert.match(client.received, /^HTTP\/1.1 400 /);
    assert.equal(asked, 0);
    assert.deepEqual(router.figures().refused, [['duplicate_host', 1]]);
  });

  test('more fields than the limit are refused, not left out', async (t) => {
    const { port } = await startRouterRig(t, [{ handler: answer('ok') }], {
      limits: { ...DEFAULT_LIMITS, fields: 4 },
    });
    const fields = 'A: 1\r\n'.repeat(3);
    using client = new RawClient(port).send(`GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`);
    await eventually('the answer', () => client.received.endsWith('ok'));
    client.send(`GET / HTTP/1.1\r\nHost: a\r\n${fields}B: 1\r\n\r\n`);
    await eventually('the refusal', () => client.received.includes('HTTP/1.1 431 '));
  });

  test('server-sent events pass one by one', async (t) => {
    const open: http.ServerResponse[] = [];
    const { port } = await startRouterRig(t, [
      {
        handler: (_, response) => {
          response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
          open.push(response);
        },
      },
    ]);
    using client = new RawClient(port).send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await eventually('the head alone', () => client.received.endsWith('\r\n\r\n'));
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      open[0]?.write(event);
      await eventually('the event', () => client.received.includes(event));
    }
  });

  test('connections to workers are kept for the next request', async (t) => {
    let made = 0;
    const { url } = await startRouterRig(t, [
      { handler: answer('ok'), prepare: (server) => server.on('connection', () => made++) },
    ]);
    for (let i = 0; i < 5; i++) assert.equal((await get(url)).body, 'ok');
    assert.equal(made, 1);
  });

  test('pipelined requests are asked and answered one after the other', async (t) => {
    const order: string[] = [];
    const { port } = await startRouterRig(t, [
      {
        handler: ({ url = '' }, response) => {
          order.push(`asked ${url}`);
          setImmediate(() => {
            order.push(`answered ${url}`);
            response.end(url);
          });
        },
      },
    ]);
    using client = new RawClient(port).send(
      ['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''),
    );
    await eventually('the answers', () => client.received.endsWith('/3'));
    assert.deepEqual(order, [
      ...['asked /1', 'answered /1', 'asked /2', 'answered /2', 'asked /3', 'answered /3'],
    ]);
  });
});
