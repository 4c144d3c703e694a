import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { exchange } from '../support/exchange.js';
import { makeFolder } from '../support/folder.js';
import { statusOf } from '../support/raw-request.js';
import { invalidRequests, validRequests } from '../support/request-corpus.js';
import { seeded } from '../support/seeded.js';
import { APPS, startServer, type TestServer } from '../support/server.js';
import { packetOf, variablesOf } from '../support/uwsgi-packet.js';
import { toldByNginx } from '../support/told-by-nginx.js';
import { toldLiterally } from '../support/told-literally.js';

/** The corpus of requests, as a web server in front tells it, and packets that no server sends. */

const BEHIND = packetOf(variablesOf('GET', '/smuggled'));

type Variables = [string, string][];

const told = (further: Readonly<Record<string, string>>): Buffer =>
  packetOf(variablesOf('POST', '/', { CONTENT_LENGTH: '3', ...further }));
const twice = (...more: Variables): Buffer => packetOf([...variablesOf('GET', '/'), ...more]);
/** A packet whose size, or whose lengths inside, are others than they should be. */
const bytes = (...values: number[]): Buffer => Buffer.from(values);

/** Each with what answers it. */
const INVALID: Readonly<Record<string, readonly [status: number, packet: Buffer]>> = {
  'HTTP on the wrong socket': [400, Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')],
  'a modifier that is not served': [400, packetOf(variablesOf('GET', '/'), 3)],
  'the spooler': [400, packetOf(variablesOf('GET', '/'), 17)],
  'a name beyond the end': [400, bytes(0, 4, 0, 0, 9, 0, 65, 66)],
  'a value beyond the end': [400, bytes(0, 6, 0, 0, 1, 0, 65, 255, 255, 66)],
  'a name without a value': [400, bytes(0, 3, 0, 0, 1, 0, 65)],
  'half a length': [400, bytes(0, 1, 0, 0, 1)],
  'a variable without a name': [400, packetOf([...variablesOf('GET', '/'), ['', 'a']])],
  'no variables': [400, bytes(0, 0, 0, 0)],
  'more than the buffer': [431, packetOf(variablesOf('GET', '/', { HTTP_A: 'a'.repeat(4096) }))],
  'the largest size': [431, bytes(0, 255, 255, 0)],
  'too many variables': [
    431,
    packetOf([...variablesOf('GET', '/'), ...Array.from({ length: 64 }, () => ['A', ''] as const)]),
  ],
  'no method': [400, told({ REQUEST_METHOD: '' })],
  'a method of two words': [400, told({ REQUEST_METHOD: 'GET /smuggled' })],
  'a method with a line end': [400, told({ REQUEST_METHOD: 'GET\r\nX:' })],
  CONNECT: [501, told({ REQUEST_METHOD: 'CONNECT' })],
  'a target with a blank': [400, told({ REQUEST_URI: '/ HTTP/1.1' })],
  'a target with a line end': [400, told({ REQUEST_URI: '/\r\nX: y' })],
  'a target that is no path': [400, told({ REQUEST_URI: 'smuggled' })],
  'the asterisk for GET': [400, packetOf(variablesOf('GET', '*'))],
  'a version of its own': [505, told({ SERVER_PROTOCOL: 'HTTP/1.2' })],
  'a version with a line end': [400, told({ SERVER_PROTOCOL: 'HTTP/1.1\r\nX: y' })],
  'a length with a sign': [400, told({ CONTENT_LENGTH: '+3' })],
  'a negative length': [400, told({ CONTENT_LENGTH: '-1' })],
  'a length in hexadecimal': [400, told({ CONTENT_LENGTH: '0x3' })],
  'two lengths in one': [400, told({ CONTENT_LENGTH: '3, 3' })],
  'a length beyond all': [400, told({ CONTENT_LENGTH: '9999999999999999' })],
  'a length twice': [400, twice(['CONTENT_LENGTH', '0'])],
  'a method twice': [400, twice(['REQUEST_METHOD', 'POST'])],
  'a target twice': [400, twice(['REQUEST_URI', '/smuggled'])],
  'chunks of no told length': [
    411,
    told({ CONTENT_LENGTH: '', HTTP_TRANSFER_ENCODING: 'chunked' }),
  ],
  'a host twice': [400, twice(['HTTP_HOST', 'b.example'])],
  'a host that is none': [400, told({ HTTP_HOST: 'a/b' })],
  'a host with a user': [400, told({ HTTP_HOST: 'a@b' })],
  'a header with a line end': [400, told({ HTTP_A: 'a\r\nX-B: b' })],
  'a header with a bare CR': [400, told({ HTTP_A: 'a\rb' })],
  'a header with a bare LF': [400, told({ HTTP_A: 'a\nb' })],
  'a header with NUL': [400, told({ HTTP_A: 'a\0b' })],
  'a header name with a line end': [400, told({ 'HTTP_A\r\nX-B': 'b' })],
  'a header name with a colon': [400, told({ 'HTTP_A:': 'b' })],
  'a header name with a blank': [400, told({ 'HTTP_A B': 'b' })],
  'a header without a name': [400, told({ HTTP_: 'b' })],
  'a type with a line end': [400, told({ CONTENT_TYPE: 'a\r\nX-B: b' })],
};

/** How bytes are cut into writes; `seed` is another one for each packet. */
const CUTS: Readonly<Record<string, (all: Buffer, seed: number) => Buffer[]>> = {
  whole: (all) => [all],
  'byte by byte': (all) => pieces(all, () => Math.ceil(all.length / 600)),
  'in random pieces': (all, seed) => {
    const random = seeded(seed);
    return pieces(all, () => 1 + Math.floor(random.next() * 40));
  },
};

function pieces(all: Buffer, next: () => number): Buffer[] {
  const cut: Buffer[] = [];
  for (let at = 0; at < all.length;) {
    const size = next();
    cut.push(all.subarray(at, at + size));
    at += size;
  }
  return cut;
}

async function open(t: TestContext): Promise<{ server: TestServer; socket: string }> {
  const socket = path.join(makeFolder(t, {}), 'app.sock');
  const module = path.join(APPS, 'echo.mjs');
  const server = startServer(t, ['--socket', socket, '--module', module, '-p', '1', '-L']);
  await server.ready();
  return { server, socket };
}

const VALID = validRequests().flatMap(({ name, sees, bytes: raw }) => {
  const packet = toldByNginx(raw);
  return packet === null ? [] : [{ name, sees, packet }];
});

/** Those of the corpus whose fault no packet can have, and why. */
const UNTOLD: readonly (readonly [names: RegExp, why: string])[] = [
  [/^chunk-/, 'the web server undoes chunks, and a packet has none'],
  [/^trailer-/, 'a packet has no trailers'],
  [/^coding-and-length/, 'CONTENT_LENGTH decides, and what HTTP_TRANSFER_ENCODING says is ignored'],
  [/^length-empty$/, 'an empty CONTENT_LENGTH is what nginx tells of none'],
  [/^line-version-2-0$/, 'HTTP/2.0 is what a web server speaks with its own client'],
  [/^line-without-version$/, 'a packet without SERVER_PROTOCOL is one of HTTP/1.0'],
];

/** Faults that are answered otherwise, for here they are found by what the packet says. */
const ANSWERED: readonly (readonly [names: RegExp, status: number])[] = [
  [/^coding-(?!space-before-colon)|^field-obs-fold-coding$/, 411],
  [/^line-(version-|other-protocol)(?!0-9|2-0)/, 505],
];

const whyUntold = (name: string): string | undefined =>
  UNTOLD.find(([names]) => names.test(name))?.[1];

const TOLD = invalidRequests()
  .filter(({ name }) => whyUntold(name) === undefined)
  .map(({ name, status, bytes: raw }) => ({
    name,
    status: ANSWERED.find(([names]) => names.test(name))?.[1] ?? status,
    packet: toldLiterally(raw),
  }));

test('most of the corpus can be told as a packet, and of the rest it is known why not', (t) => {
  assert.ok(VALID.length >= 70, `only ${VALID.length}`);
  assert.ok(TOLD.length >= 90, `only ${TOLD.length}`);
  const untold = invalidRequests().map(({ name }) => [name, whyUntold(name)] as const);
  for (const [name, why] of untold) if (why !== undefined) t.diagnostic(`${name}: ${why}`);
  for (const [names, why] of UNTOLD) {
    assert.ok(
      untold.some(([name]) => names.test(name)),
      `no request is ${names}: ${why}`,
    );
  }
});

describe('through --socket', () => {
  for (const [how, cut] of Object.entries(CUTS)) {
    test(`every invalid packet is refused ${how}, and nothing behind it is seen`, async (t) => {
      const { server, socket } = await open(t);
      const wrong: string[] = [];
      for (const [index, [name, [status, packet]]] of Object.entries(INVALID).entries()) {
        const answer = await exchange(
          { path: socket },
          cut(Buffer.concat([packet, BEHIND]), index),
        );
        if (statusOf(answer) !== status) wrong.push(`${name}: ${statusOf(answer)}, not ${status}`);
        if (answer.includes('/smuggled "')) wrong.push(`${name}: what is behind it was seen`);
      }
      assert.deepEqual(wrong, []);
      await server.until('each to be counted', ({ workers }) => {
        const { refused } = workers[0]!;
        const sum = Object.values(refused).reduce((total, count) => total + count, 0);
        return sum === Object.keys(INVALID).length;
      });
    });

    test(`every invalid request is refused, told ${how}, and nothing behind it is seen`, async (t) => {
      const { server, socket } = await open(t);
      const wrong: string[] = [];
      for (const [index, { name, status, packet }] of TOLD.entries()) {
        const all = Buffer.concat([packet, BEHIND]);
        const answer = await exchange({ path: socket }, cut(all, index));
        // By the version that the packet tells.
        const [, got] = /^HTTP\/\d\.\d (\d{3}) /.exec(answer) ?? [];
        if (Number(got) !== status) wrong.push(`${name}: ${got ?? answer}, not ${status}`);
        // An application that echoes its request has seen one.
        if (/^[A-Z]+ \S+ "/m.test(answer)) wrong.push(`${name}: was seen: ${answer}`);
      }
      assert.deepEqual(wrong, []);
      await server.until('each to be counted once', ({ workers }) => {
        const { refused } = workers[0]!;
        return Object.values(refused).reduce((sum, count) => sum + count, 0) === TOLD.length;
      });
    });

    test(`every valid request is seen as it is, sent ${how}`, async (t) => {
      const { socket } = await open(t);
      const wrong: string[] = [];
      for (const [index, { name, sees, packet }] of VALID.entries()) {
        const answer = await exchange({ path: socket }, cut(packet, index));
        const [, body = ''] = answer.split('\r\n\r\n');
        if (body.trimEnd() !== sees) wrong.push(`${name}: ${answer}`);
      }
      assert.deepEqual(wrong, []);
    });
  }
});
