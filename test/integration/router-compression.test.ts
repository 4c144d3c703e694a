import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { describe, test } from 'node:test';
import zlib from 'node:zlib';
import fc from 'fast-check';
import { certificateProblem } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { type Behind, RawClient, startRouterRig } from '../support/router-rig.js';
import { startSecureRig } from '../support/secure-rig.js';

const ON = { compresses: true };
const TEXT = 'What is said again and again takes little room. '.repeat(200);
/** More than sockets hold, of what no window of a compressor sees twice. */
const LARGE = 48 * 1024 * 1024;
const BLOCK = 65_536;
const NOISE = randomBytes(16 * BLOCK);
const DECODERS = { gzip: zlib.gunzipSync, br: zlib.brotliDecompressSync } as const;

/** Answers each request with the text, its length told. */
const SAYS_TEXT: Behind = {
  handler: (_, response) => {
    response.writeHead(200, {
      ...{ 'Content-Type': 'text/plain', 'Content-Length': TEXT.length, ETag: '"text"' },
    });
    response.end(TEXT);
  },
};

interface Got {
  readonly head: http.IncomingMessage;
  readonly body: Buffer;
}

async function get(port: number, headers: http.OutgoingHttpHeaders, method = 'GET'): Promise<Got> {
  const request = http.request({ port, method, headers, agent: false }).end();
  const [head] = (await once(request, 'response')) as [http.IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of head) parts.push(part as Buffer);
  return { head, body: Buffer.concat(parts) };
}

describe('compressed answers', () => {
  test('are what the worker said, in the coding that the client prefers', async (t) => {
    const { port } = await startRouterRig(t, [SAYS_TEXT], ON);
    for (const coding of ['gzip', 'br'] as const) {
      const { head, body } = await get(port, { 'Accept-Encoding': `${coding}, zstd` });
      assert.equal(head.headers['content-encoding'], coding);
      assert.equal(head.headers['content-length'], undefined);
      assert.equal(head.headers.vary, 'Accept-Encoding');
      assert.equal(head.headers.etag, 'W/"text"');
      assert.ok(body.length < TEXT.length / 10);
      assert.equal(DECODERS[coding](body).toString(), TEXT);
    }
    const plain = await get(port, {});
    assert.equal(plain.body.toString(), TEXT);
    assert.equal(plain.head.headers.etag, '"text"');
    assert.equal(plain.head.headers.vary, 'Accept-Encoding');
  });

  test('are not there unless the router is told to compress', async (t) => {
    const { port } = await startRouterRig(t, [SAYS_TEXT]);
    const { head, body } = await get(port, { 'Accept-Encoding': 'gzip' });
    assert.equal(body.toString(), TEXT);
    assert.equal(head.headers.vary, undefined);
  });

  test('are told to HEAD as to GET', async (t) => {
    const { port } = await startRouterRig(t, [SAYS_TEXT], ON);
    const takes = { 'Accept-Encoding': 'gzip' };
    const { head, body } = await get(port, takes, 'HEAD');
    const { head: whole } = await get(port, takes);
    assert.equal(body.length, 0);
    for (const name of ['content-encoding', 'content-length', 'etag', 'vary']) {
      assert.equal(head.headers[name], whole.headers[name], name);
    }
  });

  test('are the original however it is cut', async (t) => {
    let chunks: readonly Uint8Array[] = [];
    const { port } = await startRouterRig(
      t,
      [
        {
          handler: (_, response) => {
            response.writeHead(200, { 'Content-Type': 'application/json' });
            for (const chunk of chunks) response.write(chunk);
            response.end();
          },
        },
      ],
      ON,
    );
    const chunk = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 300_000 }).map((length) => new Uint8Array(length).fill(length)),
    );
    const property = fc.asyncProperty(
      fc.array(chunk, { maxLength: 8 }),
      fc.constantFrom('gzip' as const, 'br' as const),
      async (cut, coding) => {
        chunks = cut;
        const { body } = await get(port, { 'Accept-Encoding': coding });
        assert.ok(DECODERS[coding](body).equals(Buffer.concat(cut)));
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  test('that trickle arrive piece by piece', async (t) => {
    let worker: http.ServerResponse | null = null;
    const { port } = await startRouterRig(
      t,
      [
        {
          handler: (_, response) => {
            response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
            response.write('{"line":1}\n');
            worker = response;
          },
        },
      ],
      ON,
    );
    for (const coding of ['gzip', 'br'] as const) {
      const headers = { 'Accept-Encoding': coding };
      const request = http.request({ port, headers, agent: false }).end();
      const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
      let seen = '';
      const decoder = coding === 'gzip' ? zlib.createGunzip() : zlib.createBrotliDecompress();
      answer.pipe(decoder).on('data', (part: Buffer) => (seen += part.toString()));
      await eventually('the first line', () => seen === '{"line":1}\n');
      worker!.write('{"line":2}\n');
      await eventually('the second line', () => seen.endsWith('{"line":2}\n'));
      worker!.end();
      await once(decoder, 'end');
    }
  });

  test('events are left as they are', async (t) => {
    const { port } = await startRouterRig(
      t,
      [
        {
          handler: (_, response) => {
            response.writeHead(200, { 'Content-Type': 'text/event-stream' });
            response.end('data: 1\n\n');
          },
        },
      ],
      ON,
    );
    const { head, body } = await get(port, { 'Accept-Encoding': 'gzip' });
    assert.equal(head.headers['content-encoding'], undefined);
    assert.equal(body.toString(), 'data: 1\n\n');
  });

  test('keep their trailers', async (t) => {
    const { port } = await startRouterRig(
      t,
      [
        {
          handler: (_, response) => {
            response.writeHead(200, { 'Content-Type': 'text/plain', Trailer: 'X-Sum' });
            response.write(TEXT);
            response.addTrailers({ 'X-Sum': '7' });
            response.end();
          },
        },
      ],
      ON,
    );
    const { head, body } = await get(port, { 'Accept-Encoding': 'gzip' });
    assert.equal(zlib.gunzipSync(body).toString(), TEXT);
    assert.equal(head.trailers['x-sum'], '7');
  });

  test('are cut off, without an end, when the worker dies in the middle', async (t) => {
    let worker: net.Socket | null = null;
    const { port } = await startRouterRig(
      t,
      [
        {
          handler: (request, response) => {
            response.writeHead(200, { 'Content-Type': 'text/plain' });
            response.write(TEXT);
            worker = request.socket;
          },
        },
      ],
      ON,
    );
    using client = new RawClient(port).send(
      'GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n',
    );
    await eventually('the first of it', () => client.received.includes('\x1f\x8b'));
    worker!.destroy();
    await eventually('the break', () => client.ending === 'reset');
    assert.ok(!client.received.endsWith('0\r\n\r\n'));
  });

  test('are held back for a client that does not read, and the worker with them', async (t) => {
    let written = 0;
    const { port, router } = await startRouterRig(
      t,
      [
        {
          handler: (_, response) => {
            const more = (): void => {
              while (written < LARGE) {
                const at = written % NOISE.length;
                written += BLOCK;
                if (response.write(NOISE.subarray(at, at + BLOCK))) continue;
                response.once('drain', more);
                return;
              }
              response.end();
            };
            response.writeHead(200, { 'Content-Type': 'text/plain' });
            more();
          },
        },
      ],
      ON,
    );
    const request = http.request({ port, headers: { 'Accept-Encoding': 'gzip' }, agent: false });
    const [answer] = (await once(request.end(), 'response')) as [http.IncomingMessage];
    answer.pause();
    let last = 0;
    let same = 0;
    await eventually('the worker to stand still', () => {
      same = written === last ? same + 1 : 0;
      last = written;
      return same === 15;
    });
    assert.ok(written < LARGE, `${written} bytes were written to nobody`);
    const decoder = zlib.createGunzip();
    let received = 0;
    answer.pipe(decoder).on('data', (part: Buffer) => (received += part.length));
    await once(decoder, 'end');
    assert.equal(received, LARGE);
    await eventually('the exchange to end', () => router.figures().in_flight === 0);
  });

  test('end for the worker when the client leaves', async (t) => {
    let hasLeft = false;
    const { port, router } = await startRouterRig(
      t,
      [
        {
          handler: (_, response) => {
            response.writeHead(200, { 'Content-Type': 'text/plain' });
            response.write(TEXT);
            response.on('close', () => (hasLeft = true));
          },
        },
      ],
      ON,
    );
    const request = http.request({ port, headers: { 'Accept-Encoding': 'br' }, agent: false });
    const [answer] = (await once(request.end(), 'response')) as [http.IncomingMessage];
    answer.on('error', () => undefined);
    answer.destroy();
    await eventually('the worker to hear of it', () => hasLeft);
    await eventually('nothing to be in flight', () => router.figures().in_flight === 0);
    assert.equal(router.figures().aborted, 1);
  });
});

describe('compressed answers in HTTP/2', { skip: certificateProblem() ?? false }, () => {
  test('are what the worker said, and HEAD is told of them', async (t) => {
    const session = (await startSecureRig(t, [SAYS_TEXT], ON)).connect();
    for (const method of ['GET', 'HEAD']) {
      const stream = session.request({ ':method': method, 'accept-encoding': 'gzip, br' });
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      const [head] = (await once(stream, 'response')) as [Record<string, string>];
      if (!stream.closed) await once(stream, 'close');
      assert.equal(head['content-encoding'], 'br');
      assert.equal(head['content-length'], undefined);
      assert.equal(head['etag'], 'W/"text"');
      const body = Buffer.concat(parts);
      if (method === 'HEAD') assert.equal(body.length, 0);
      else assert.equal(zlib.brotliDecompressSync(body).toString(), TEXT);
    }
  });

  test('are cut off when the worker dies in the middle', async (t) => {
    let worker: net.Socket | null = null;
    const behind: Behind = {
      handler: (request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/plain' });
        response.write(TEXT);
        worker = request.socket;
      },
    };
    const session = (await startSecureRig(t, [behind], ON)).connect();
    const stream = session.request({ ':path': '/', 'accept-encoding': 'gzip' });
    let received = 0;
    stream.on('error', () => undefined).on('data', (part: Buffer) => (received += part.length));
    await eventually('the first of it', () => received > 0);
    worker!.destroy();
    await eventually('the break', () => stream.closed);
    assert.notEqual(stream.rstCode, 0);
  });
});
