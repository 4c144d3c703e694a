import assert from 'node:assert/strict';
import { once } from 'node:events';
import type http from 'node:http';
import http2 from 'node:http2';
import { describe, test } from 'node:test';
import { certificateProblem } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { ask } from '../support/http2.js';
import { type Behind, HeldServer } from '../support/router-rig.js';
import { startSecureRig } from '../support/secure-rig.js';
import { settled } from '../support/settled.js';

const skip = certificateProblem() ?? false;

/** Answers with what the worker was given: its line, head, body and trailers. */
const ECHO: Behind = {
  handler: (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { method, url, httpVersion, rawHeaders, rawTrailers } = request;
      response.end(JSON.stringify({ method, url, httpVersion, rawHeaders, rawTrailers, body }));
    });
  },
};

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: string[];
  readonly rawTrailers: string[];
  readonly body: string;
}

function field({ rawHeaders }: Seen, name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}

const counted = (rig: Awaited<ReturnType<typeof startSecureRig>>, code: string): number =>
  new Map(rig.router.figures().refused).get(code) ?? 0;

describe('HTTP/2 in the router', { skip }, () => {
  test('a request reaches a plain worker as one of HTTP/1.1', async (t) => {
    const rig = await startSecureRig(t, [ECHO]);
    const session = rig.connect();
    const { status, body } = await ask(session, {
      ...{ ':path': '/a?b=c', cookie: ['a=1', 'b=2'], 'x-odd': ['one', 'two'], te: 'trailers' },
    });
    assert.equal(status, 200);
    const seen = JSON.parse(body) as Seen;
    assert.equal(seen.url, '/a?b=c');
    assert.deepEqual(field(seen, 'host'), [`localhost:${rig.securePort}`]);
    assert.deepEqual(field(seen, 'cookie'), ['a=1; b=2']);
    assert.deepEqual(field(seen, 'x-odd'), ['one', 'two']);
    assert.deepEqual(field(seen, 'via'), ['2 tsuwsgi']);
    assert.deepEqual(field(seen, 'x-forwarded-proto'), ['https']);
    assert.deepEqual(field(seen, 'x-forwarded-for'), ['127.0.0.1']);
    const { requests, in_flight, aborted } = rig.router.figures();
    assert.deepEqual([requests, in_flight, aborted], [1, 0, 0]);
  });

  test('what was answered to its end is not counted as broken off', async (t) => {
    const rig = await startSecureRig(t, [ECHO]);
    const session = rig.connect();
    for (let i = 0; i < 10; i++) await ask(session, {});
    await eventually('all to be over', () => rig.router.figures().in_flight === 0);
    assert.deepEqual([rig.router.figures().requests, rig.router.figures().aborted], [10, 0]);
  });

  test('bodies pass with and without a length, and trailers in both directions', async (t) => {
    const trailing: Behind = {
      handler: (request, response) => {
        request.resume().on('end', () => {
          response.writeHead(200, { Trailer: 'X-Sum' });
          response.write(JSON.stringify(request.rawTrailers));
          response.addTrailers({ 'X-Sum': '7' });
          response.end();
        });
      },
    };
    const [echo, trailers] = [await startSecureRig(t, [ECHO]), await startSecureRig(t, [trailing])];
    const post = { ':method': 'POST' };
    const chunked = JSON.parse((await ask(echo.connect(), post, 'abc')).body) as Seen;
    assert.equal(chunked.body, 'abc');
    assert.deepEqual(field(chunked, 'transfer-encoding'), ['chunked']);
    const sized = await ask(echo.connect(), { ...post, 'content-length': 3 }, 'abc');
    assert.deepEqual(field(JSON.parse(sized.body) as Seen, 'content-length'), ['3']);

    const stream = trailers.connect().request(post, { waitForTrailers: true });
    stream.on('wantTrailers', () => {
      stream.sendTrailers({ 'x-check': '5' });
    });
    let body = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    const got = once(stream, 'trailers') as Promise<[http2.IncomingHttpHeaders]>;
    stream.end('abc');
    assert.equal((await got)[0]['x-sum'], '7');
    assert.equal(body, '["x-check","5"]');
  });

  test('HEAD, 204 and 304 end with their head', async (t) => {
    const behind: Behind = {
      handler: (request, response) => {
        response.statusCode = Number(request.url?.slice(1));
        response.setHeader('Content-Length', response.statusCode === 200 ? 5 : 0);
        response.end(response.statusCode === 200 ? 'hello' : undefined);
      },
    };
    const session = (await startSecureRig(t, [behind])).connect();
    const head = await ask(session, { ':method': 'HEAD', ':path': '/200' });
    assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '5', '']);
    for (const status of [204, 304]) {
      assert.equal((await ask(session, { ':path': `/${status}` })).status, status);
    }
  });

  test('a body waits for 100 of the worker, and 103 comes before the answer', async (t) => {
    const behind: Behind = {
      handler: ECHO.handler,
      prepare: (server) => {
        server.on(
          'checkContinue',
          (request: http.IncomingMessage, response: http.ServerResponse) => {
            response.writeEarlyHints({ link: '</a.css>; rel=preload' });
            response.writeContinue();
            request.resume().on('end', () => response.end('late'));
          },
        );
      },
    };
    const session = (await startSecureRig(t, [behind])).connect();
    const stream = session.request({ ':method': 'POST', expect: '100-continue' });
    const hints: unknown[] = [];
    stream.on('headers', (fields: http2.IncomingHttpHeaders) => hints.push(fields[':status']));
    await once(stream, 'continue');
    stream.end('abc');
    await once(stream, 'response');
    assert.ok(hints.includes(103));
    stream.resume();
    await once(stream, 'close');
  });

  test('a worker that is plain may say what only HTTP/1.1 knows', async (t) => {
    const behind: Behind = {
      raw: (socket) => {
        socket.once('data', () => {
          socket.end(
            'HTTP/1.1 200 Fine\r\nConnection: close, X-Own\r\nX-Own: 1\r\nKeep-Alive: timeout=5\r\n' +
              'Upgrade: h2c\r\nHTTP2-Settings: AA\r\nContent-Type: text/a\r\nContent-Type: text/b\r\n' +
              'Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Latin: caf\xe9\r\n\r\nbody',
            'latin1',
          );
        });
      },
    };
    const { headers, body } = await ask((await startSecureRig(t, [behind])).connect(), {});
    assert.equal(body, 'body');
    assert.equal(headers['content-type'], 'text/a');
    assert.deepEqual(headers['set-cookie'], ['a=1', 'b=2']);
    assert.equal(headers['x-latin'], 'caf\xe9');
    for (const name of ['connection', 'keep-alive', 'upgrade', 'x-own', 'http2-settings']) {
      assert.equal(headers[name], undefined, name);
    }
  });

  test('a client that resets a stream breaks the request off, and the session serves on', async (t) => {
    const held = new HeldServer();
    const rig = await startSecureRig(t, [held]);
    const session = rig.connect();
    const stream = session.request({});
    await eventually('the request', () => held.held.length === 1);
    const gone = once(held.held[0]!, 'close');
    stream.close(http2.constants.NGHTTP2_CANCEL);
    await gone;
    assert.equal(rig.router.figures().aborted, 1);
    const second = ask(session, {});
    await eventually('the second request', () => held.held.length === 2);
    held.held[1]?.end('served');
    assert.equal((await second).body, 'served');
  });

  test('a worker that breaks off in its answer resets the stream: no clean end', async (t) => {
    const behind: Behind = {
      handler: (_request, response) => {
        response.write('half', () => {
          setImmediate(() => response.socket?.destroy());
        });
      },
    };
    const session = (await startSecureRig(t, [behind])).connect();
    await assert.rejects(ask(session, {}), /ended with 2|INTERNAL_ERROR/);
    assert.equal(session.closed, false);
  });

  test('who answers in the worker’s stead does so on the stream alone', async (t) => {
    const rig = await startSecureRig(t, [{ raw: (socket) => socket.destroy() }]);
    const session = rig.connect();
    const answer = await ask(session, { ':method': 'POST' }, 'abc');
    assert.equal(answer.status, 502);
    assert.equal(answer.headers.connection, undefined);
    assert.equal((await ask(session, { ':method': 'HEAD' })).status, 502);
  });

  test('an early answer tells the client that the rest of its body is for nobody', async (t) => {
    const behind: Behind = { handler: (_request, response) => response.end('enough') };
    const session = (await startSecureRig(t, [behind])).connect();
    const stream = session.request({ ':method': 'POST' });
    stream.write('abc');
    stream.resume();
    await once(stream, 'close');
    assert.equal(stream.rstCode, http2.constants.NGHTTP2_NO_ERROR);
  });

  test('a download waits for its reader, and so does an upload', async (t) => {
    let written = 0;
    const large: Behind = {
      handler: (request, response) => {
        if (request.method === 'POST') return;
        const write = (): void => {
          while (written < 64) {
            written++;
            if (!response.write(Buffer.alloc(1024 * 1024))) break;
          }
          if (written < 64) response.once('drain', write);
          else response.end();
        };
        write();
      },
    };
    const session = (await startSecureRig(t, [large])).connect();
    const stream = session.request({});
    await once(stream, 'response');
    const upload = session.request({ ':method': 'POST' });
    let sent = 0;
    const push = (): void => {
      while (sent < 64) {
        sent++;
        if (!upload.write(Buffer.alloc(1024 * 1024))) break;
      }
      if (sent < 64) upload.once('drain', push);
    };
    push();
    await settled(() => written);
    await settled(() => sent);
    assert.ok(written < 32, `${written} MiB were written to nobody`);
    assert.ok(sent < 32, `${sent} MiB were sent to nobody`);
    let read = 0;
    for await (const chunk of stream) read += (chunk as Buffer).length;
    assert.equal(read, 64 * 1024 * 1024);
    upload.close();
  });

  test('what the gate refuses in HTTP/1.1 is refused here, and counted by the same name', async (t) => {
    const rig = await startSecureRig(t, [ECHO]);
    const session = rig.connect();
    const refused = async (headers: http2.OutgoingHttpHeaders) =>
      (await ask(session, headers)).status;
    assert.equal(await refused({ ':authority': 'a,b' }), 400);
    assert.equal(counted(rig, 'invalid_host'), 1);
    assert.equal(await refused({ ':authority': 'a', host: 'b' }), 400);
    assert.equal(counted(rig, 'authority_mismatch'), 1);
    await assert.rejects(refused({ ':path': '*' }), /PROTOCOL_ERROR/);
    assert.equal(await refused({ ':method': 'BREW' }), 400);
    assert.equal(counted(rig, 'malformed'), 1);
    assert.equal(await refused({ 'x-large': 'a'.repeat(20_000) }), 431);
    assert.equal(counted(rig, 'headers_too_large'), 1);
    const connect = session.request({ ':method': 'CONNECT', ':authority': 'a:1' });
    const [answer] = (await once(connect, 'response')) as [http2.IncomingHttpHeaders];
    assert.equal(answer[':status'], 501);
    connect.destroy();
    assert.equal((await ask(session, {})).status, 200);
  });

  test('a forbidden trailer takes the request back from the worker', async (t) => {
    const held = new HeldServer();
    const rig = await startSecureRig(t, [held]);
    const stream = rig.connect().request({ ':method': 'POST' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => {
      stream.sendTrailers({ 'x-forwarded-for': '6.6.6.6' });
    });
    stream.write('abc');
    await eventually('the request', () => held.held.length === 1);
    const gone = once(held.held[0]!, 'close');
    stream.end();
    const [answer] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
    assert.equal(answer[':status'], 400);
    await gone;
    assert.equal(counted(rig, 'forbidden_trailer'), 1);
  });

  test('a drained router ends its streams, says goodbye, and closes', async (t) => {
    const held = new HeldServer();
    const rig = await startSecureRig(t, [held]);
    const session = rig.connect();
    const first = ask(session, {});
    await eventually('the request', () => held.held.length === 1);
    const goodbye = once(session, 'goaway');
    const closed = once(session, 'close');
    const drained = rig.router.drain();
    assert.deepEqual((await goodbye).slice(0, 2), [0, 1]);
    held.held[0]?.end('to its end');
    assert.equal((await first).body, 'to its end');
    await drained;
    await closed;
  });

  test('a session without streams ends after the keep-alive time', async (t) => {
    const rig = await startSecureRig(t, [ECHO], { keepAliveMs: 100 });
    const session = rig.connect();
    await ask(session, {});
    await once(session, 'close');
  });
});
