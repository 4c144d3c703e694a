import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { createGate } from '../../server/http/gate.js';
import { DEFAULT_LIMITS } from '../../server/http/limits.js';
import { refuseMalformed } from '../../server/http/malformed.js';
import { eventually } from '../support/eventually.js';
import { startRouterRig } from '../support/router-rig.js';
import { readStrictly } from '../support/strict-parser.js';

/**
 * Pipelines of valid and invalid requests, through a front and by a strict reader of the tests' own:
 * the two must not disagree on where a request ends.
 */

const RUNS = 150;

const token = fc.stringMatching(/^[a-z]{1,6}$/);
const body = fc.stringMatching(/^[ -~]{0,40}$/);
/** Bodies that look like requests, for a front that loses count. */
const bait = fc.constant('GET /R000-smuggled HTTP/1.1\r\nHost: a\r\n\r\n');
const content = fc.oneof(body, bait);
const noise = fc
  .array(fc.tuple(token, body), { maxLength: 3 })
  .map((fields) => fields.map(([name, value]) => `X-${name}: ${value}\r\n`).join(''));

const chunks = fc
  .array(
    content.filter((text) => text !== ''),
    { maxLength: 4 },
  )
  .map((parts) => {
    const written = parts.map((part) => `${part.length.toString(16)};a=b\r\n${part}\r\n`);
    return `${written.join('')}0\r\n\r\n`;
  });

const plain = fc
  .tuple(token, noise)
  .map(([name, more]) => `GET /R000-${name} HTTP/1.1\r\nHost: a\r\n${more}\r\n`);
const withLength = fc
  .tuple(token, noise, content)
  .map(
    ([name, more, text]) =>
      `POST /R000-${name} HTTP/1.1\r\nHost: a\r\n${more}Content-Length: ${text.length}\r\n\r\n${text}`,
  );
const withChunks = fc
  .tuple(token, noise, chunks)
  .map(
    ([name, more, text]) =>
      `PUT /R000-${name} HTTP/1.1\r\n${more}Host: a\r\nTransfer-Encoding: chunked\r\n\r\n${text}`,
  );
const valid = fc.oneof(plain, withLength, withChunks);

/** What makes a valid request invalid. */
const FAULTS: readonly ((request: string) => string)[] = [
  (request) => request.replace('Host: a\r\n', 'Host: a\r\nHost: b\r\n'),
  (request) => request.replace('Host: a\r\n', ''),
  (request) => request.replace('Host: a', 'Host : a'),
  (request) =>
    request.replace(
      'Host: a\r\n',
      'Host: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n',
    ),
  (request) =>
    request.replace('Host: a\r\n', 'Host: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n'),
  (request) => request.replace('Host: a\r\n', 'Host: a\r\nContent-Length: +3\r\n'),
  (request) => request.replace('Host: a\r\n', 'Host: a\r\nContent-Length: 0x3\r\n'),
  (request) =>
    request.replace('Host: a\r\n', 'Host: a\r\nTransfer-Encoding: chunked, identity\r\n'),
  (request) => request.replace('Host: a\r\n', 'Host: a\r\n Transfer-Encoding: chunked\r\n'),
  (request) => request.replace('Host: a\r\n', 'Host: a\n'),
  (request) => request.replace('Host: a\r\n', 'Host: a\r\nNo colon\r\n'),
  (request) => request.replace('HTTP/1.1', 'HTTP/1.1 '),
  (request) => request.replace(/^/, 'GARBAGE\r\n\r\n'),
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...FAULTS))
  .map(([request, fault]) => fault(request));

const pipeline = fc.array(
  fc.oneof({ weight: 4, arbitrary: valid }, { weight: 1, arbitrary: invalid }),
  {
    minLength: 1,
    maxLength: 6,
  },
);

/** An application that notes what it has seen to its end. */
function noting(seen: string[]): http.RequestListener {
  return (request, response) => {
    let text = '';
    request.setEncoding('latin1').on('data', (part: string) => (text += part));
    request
      .on('error', () => undefined)
      .on('end', () => {
        seen.push(`${request.method ?? ''} ${request.url ?? ''} ${JSON.stringify(text)}`);
        response.end('ok');
      });
  };
}

async function startGated(t: TestContext, listener: http.RequestListener): Promise<number> {
  const gate = createGate(DEFAULT_LIMITS, () => undefined);
  const server = http.createServer({ requireHostHeader: false }, (request, response) => {
    if (gate.admit(request, response)) listener(request, response);
  });
  refuseMalformed(server, () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** Sends a text in pieces; waits until it is answered so often, or the connection is closed. */
async function send(port: number, pieces: readonly string[], answers: number): Promise<void> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  socket.on('error', () => undefined);
  for (const piece of pieces) {
    if (!socket.destroyed) await new Promise((resolve) => socket.write(piece, 'latin1', resolve));
  }
  await eventually('the answers, or the end', () => {
    return socket.destroyed || received.split('HTTP/1.1 200').length - 1 >= answers;
  });
  socket.destroy();
}

function cut(text: string, size: number): string[] {
  return text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
}

for (const front of ['the router', 'a worker'] as const) {
  describe(`${front} and a strict reader`, () => {
    test('agree on where each request of a pipeline ends', async (t) => {
      const seen: string[] = [];
      let run = 0;
      const listener = noting(seen);
      const port =
        front === 'a worker'
          ? await startGated(t, listener)
          : (await startRouterRig(t, [{ handler: listener }])).port;
      await fc.assert(
        fc.asyncProperty(pipeline, fc.integer({ min: 1, max: 400 }), async (requests, size) => {
          // A request of the run before may still be on its way: each run has its own names.
          const tag = `R${String(++run).padStart(3, '0')}`;
          const text = requests.join('').replaceAll('R000', tag);
          const strict = readStrictly(text);
          await send(port, cut(text, size), strict.isValid ? strict.requests.length : Infinity);
          // What is behind a fault may end what is before it, but never adds to it.
          const least = strict.isValid ? strict.requests.length : 0;
          const own = seen.filter((each) => each.includes(` /${tag}-`));
          assert.ok(own.length >= least, 'each request is seen');
          assert.deepEqual(own, strict.requests.slice(0, own.length));
        }),
        // A failure is told as it was found: shrinking would run out of names.
        { numRuns: RUNS, endOnFailure: true },
      );
    });
  });
}
