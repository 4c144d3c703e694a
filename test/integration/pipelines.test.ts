import assert from 'node:assert/strict';
import net from 'node:net';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { exchange } from '../support/exchange.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { type Pipeline, pipelines, TAG } from '../support/pipelines.js';
import { APPS, startServer, type TestServer } from '../support/server.js';
import {
  readStrictly,
  type StrictReading,
  type StrictRequest,
  type Strictness,
} from '../support/strict-parser.js';

/**
 * Pipelines of valid and invalid requests, through each front of a real server and by a strict reader
 * of the tests' own: the two must not disagree on where a request ends.
 */

/** For each front, and for each way to send. */
const RUNS = process.env['TEST_LONG'] === '1' ? 4000 : 300;
/** Connections at a time. */
const LANES = 8;

const NOTING = ['--module', path.join(APPS, 'noting.mjs'), '-p', '1', '-L'];

interface Front extends Strictness {
  readonly start: (t: TestContext) => TestServer;
}

const FRONTS: Readonly<Record<string, Front>> = {
  '--http-socket': {
    start: (t) => startServer(t, ['--http-socket', '127.0.0.1:0', ...NOTING]),
    isPacked: false,
  },
  '--http': {
    start: (t) => startServer(t, ['--http', '127.0.0.1:0', ...NOTING]),
    isPacked: false,
  },
  '--http before a --socket': {
    start(t) {
      const socket = path.join(makeFolder(t, {}), 'app.sock');
      const to = ['--http-to', `uwsgi://${socket}`, '--socket', socket];
      return startServer(t, ['--http', '127.0.0.1:0', ...to, ...NOTING]);
    },
    isPacked: true,
  },
};

/** What an application noted: one that broke off has no body. */
type Note = Omit<StrictRequest, 'body'> & { readonly body: string | null };

const REFUSALS: readonly unknown[] = [400, 413, 431, 501, 505];

function parsed(body: string): Note {
  return JSON.parse(body) as Note;
}

function headOf({ method, target, host, fields }: Note): unknown {
  return { method, target, host, fields };
}

function has(requests: readonly StrictRequest[], note: Note): boolean {
  return requests.some((each) => isDeepStrictEqual(each, note));
}

/** One pipeline that was sent, and what came back until the server closed. */
interface Sent {
  readonly tag: string;
  readonly text: string;
  readonly strict: StrictReading;
  readonly answers: readonly Answer[];
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Those of a connection, each with a length; what is cut off is none. */
function answersIn(received: string): Answer[] {
  const answers: Answer[] = [];
  let at = 0;
  for (;;) {
    const end = received.indexOf('\r\n\r\n', at) + 4;
    if (end < 4) return answers;
    const head = received.slice(at, end);
    const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(head) ?? [];
    const [, length] = /^content-length: (\d+)\r$/im.exec(head) ?? [];
    assert.ok(status !== undefined && length !== undefined, `no answer: ${received.slice(at)}`);
    at = end + Number(length);
    if (at > received.length) return answers;
    answers.push({ status: Number(status), body: received.slice(end, at) });
  }
}

function cut(text: string, size: number): Buffer[] {
  const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  return pieces.map((piece) => Buffer.from(piece, 'latin1'));
}

/** The text of a pipeline under a tag of its own; the last of it closes the connection. */
function textOf({ requests }: Pipeline, tag: string): string {
  const last = `GET /${TAG}-last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
  return [...requests, last].join('').replaceAll(TAG, tag);
}

/** Several at a time, each in its turn. */
async function inLanes<T>(all: readonly T[], act: (one: T, index: number) => Promise<void>) {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < all.length; index = next++) await act(all[index]!, index);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Sends a text in pieces, and resolves with what came back until the server closed. */
type Sending = (
  port: number,
  text: string,
  pieces: number,
  strict: StrictReading,
) => Promise<string>;

/** Without waiting for an answer. */
const atOnce: Sending = (port, text, pieces) =>
  exchange({ port, host: '127.0.0.1', noDelay: true }, cut(text, pieces));

/** What is invalid, and all behind it, when everything before it is answered. */
const faultLast: Sending = (port, text, pieces, { requests, end }) =>
  new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    let received = '';
    let rest = text.slice(end);
    const send = (part: string): void => {
      for (const piece of cut(part, pieces)) socket.write(piece);
    };
    const sendRest = (): void => {
      if (answersIn(received).length < requests.length) return;
      send(rest);
      rest = '';
    };
    socket.setEncoding('latin1').on('data', (more: string) => {
      received += more;
      if (rest !== '') sendRest();
    });
    // What is refused is closed while more of it is being sent.
    socket
      .on('error', () => undefined)
      .on('close', () => {
        resolve(received);
      });
    send(text.slice(0, end));
    sendRest();
  });

async function sendAll(t: TestContext, front: Front, send: Sending): Promise<[Sent, Note[]][]> {
  const seed = Number(process.env['PIPELINES_SEED'] ?? Date.now() % 2 ** 31);
  t.diagnostic(`PIPELINES_SEED=${seed}`);
  const server = front.start(t);
  await server.ready();
  const port = await server.port();
  const sent: Sent[] = [];
  await inLanes(fc.sample(pipelines, { seed, numRuns: RUNS }), async (pipeline, index) => {
    const tag = `R${String(index).padStart(4, '0')}`;
    const text = textOf(pipeline, tag);
    const strict = readStrictly(text, front);
    const received = await send(port, text, pipeline.pieces, strict);
    sent.push({ tag, text, strict, answers: answersIn(received) });
  });
  await server.until('nothing under way', ({ workers }) => workers[0]?.in_flight === 0);
  const notes = JSON.parse((await get(await server.url('/notes'))).body) as Note[];
  const stray = notes.filter(({ target }) => !/^\/R\d{4}-/.test(target));
  assert.deepEqual(stray, [], 'requests that nobody sent');
  return sent.map((one) => [one, notes.filter(({ target }) => target.startsWith(`/${one.tag}-`))]);
}

for (const [name, front] of Object.entries(FRONTS)) {
  describe(`${name} and a strict reader agree`, { timeout: 3_000_000 }, () => {
    test('on every request of pipelines, and on what nobody may see', async (t) => {
      for (const [{ text, strict, answers }, notes] of await sendAll(t, front, faultLast)) {
        const told = JSON.stringify(text);
        const whole = notes.filter(({ body }) => body !== null);
        const broken = notes.filter(({ body }) => body === null);
        const bodies = answers.map(({ status, body }) => (status === 200 ? parsed(body) : status));
        assert.deepEqual(whole, strict.requests, told);
        assert.deepEqual(broken, strict.begun === null ? [] : broken.slice(0, 1), told);
        assert.deepEqual(bodies.slice(0, whole.length), strict.requests, told);
        const refusals = bodies.slice(whole.length);
        assert.equal(refusals.length, strict.ending === 'invalid' ? 1 : 0, told);
        for (const status of refusals) assert.ok(REFUSALS.includes(status), told);
      }
    });

    test('on those that are sent without waiting for an answer', async (t) => {
      for (const [{ text, strict, answers }, notes] of await sendAll(t, front, atOnce)) {
        const told = JSON.stringify(text);
        const answered = answers
          .filter(({ status }) => status === 200)
          .map(({ body }) => parsed(body));
        if (strict.ending === 'invalid') {
          // A fault ends what is under way before it, and never adds to it.
          const heads = [...strict.requests, ...(strict.begun === null ? [] : [strict.begun])];
          assert.deepEqual(notes.map(headOf), heads.slice(0, notes.length).map(headOf), told);
          const whole = notes.filter(({ body }) => body !== null);
          for (const each of whole) assert.ok(has(strict.requests, each), told);
        } else {
          assert.deepEqual(notes, strict.requests, told);
        }
        // Who sends on to a connection that is closed may lose answers by its reset (RFC 9112 §9.6).
        const least = strict.ending === 'all' ? notes.length : 0;
        assert.ok(answered.length >= least, told);
        assert.deepEqual(answered, strict.requests.slice(0, answered.length), told);
      }
    });
  });
}
