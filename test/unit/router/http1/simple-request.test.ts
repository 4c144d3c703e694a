import assert from 'node:assert/strict';
import http from 'node:http';
import { Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import { refusal } from '../../../../server/http/gate.js';
import { readSimpleRequest } from '../../../../server/router/http1/simple-request.js';
import { invalidRequests, validRequests } from '../../../support/request-corpus.js';
import { type Seeded, seeded } from '../../../support/seeded.js';

function read(text: string | Buffer) {
  return readSimpleRequest(typeof text === 'string' ? Buffer.from(text, 'latin1') : text, {});
}

/** As the router is set by default. */
const MOST_HEAD = 16_384;

describe('a simple request', () => {
  test('is one of a browser, with its fields in order and case', () => {
    const request = read(
      'GET /cats/42?x=%20 HTTP/1.1\r\nHost: catserve.io\r\nConnection: keep-alive\r\n' +
        'sec-ch-ua: "Chromium";v="130"\r\nAccept:\t*/*;q=0.8 \r\nX-Empty:\r\n\r\n',
    );
    assert.ok(request !== null);
    assert.deepEqual([request.method, request.url], ['GET', '/cats/42?x=%20']);
    assert.deepEqual(request.rawHeaders, [
      ...['Host', 'catserve.io', 'Connection', 'keep-alive', 'sec-ch-ua', '"Chromium";v="130"'],
      ...['Accept', '*/*;q=0.8', 'X-Empty', ''],
    ]);
    assert.equal(request.closes, false);
  });

  test('says whether its connection ends', () => {
    assert.equal(read('HEAD / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n')?.closes, true);
  });

  test('has its fields by name as Node has them', () => {
    const { headers } =
      read(
        'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nAccept: x\r\naccept: y\r\n' +
          'Cookie: a=1\r\nCookie: b=2\r\nx-last: z\r\n\r\n',
      ) ?? {};
    assert.deepEqual(headers, { host: 'a', accept: 'x, y', cookie: 'a=1; b=2', 'x-last': 'z' });
  });

  const others = {
    'a part of a head': 'GET / HTTP/1.1\r\nHost: a\r\n',
    'a head with something behind it': 'GET / HTTP/1.1\r\nHost: a\r\n\r\nG',
    'another method': 'DELETE / HTTP/1.1\r\nHost: a\r\n\r\n',
    'another version': 'GET / HTTP/1.0\r\nHost: a\r\n\r\n',
    'a target in absolute form': 'GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n',
    'a body': 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n',
    'a coding': 'GET / HTTP/1.1\r\nHost: a\r\ntransfer-Encoding: chunked\r\n\r\n',
    'an upgrade': 'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n',
    'an expectation': 'GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n',
    'another option of the connection': 'GET / HTTP/1.1\r\nHost: a\r\nConnection: x-own\r\n\r\n',
    'two of them': 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: close\r\n\r\n',
    'a name with an underscore': 'GET / HTTP/1.1\r\nHost: a\r\nx_y: 1\r\n\r\n',
    'a folded line': 'GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n',
    'a space before the colon': 'GET / HTTP/1.1\r\nHost : a\r\n\r\n',
    'a bare line feed': 'GET / HTTP/1.1\nHost: a\n\n',
    'a byte above ASCII': 'GET / HTTP/1.1\r\nHost: a\r\nX: \xe9\r\n\r\n',
    'an empty line before it': '\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
    'no field at all': 'GET / HTTP/1.1\r\n\r\n',
  };
  for (const [what, text] of Object.entries(others)) {
    test(`is none with ${what}`, () => {
      assert.equal(read(text), null);
    });
  }

  test('is read in time that grows with its length, whatever it is made of', () => {
    for (const piece of ['a', 'a:', ' ', ':', '\r\n', 'a: b\r\n', '\r']) {
      const text = `GET / HTTP/1.1\r\nHost: a\r\n${piece.repeat(16_384 / piece.length)}`;
      assert.equal(read(`${text}\x00`), null, JSON.stringify(piece));
    }
  });
});

describe('what is read as simple', () => {
  test('is, of the invalid requests of the corpus, refused by the gate', () => {
    let simple = 0;
    for (const { name, bytes } of invalidRequests()) {
      // A longer head is not read here at all (SimpleConnection).
      const request = bytes.length > MOST_HEAD ? null : read(bytes);
      if (request === null) continue;
      simple++;
      assert.notEqual(refusal(request), null, name);
    }
    assert.ok(simple > 0, 'none was simple');
  });

  test('is, of the valid ones, what they are said to be', () => {
    let simple = 0;
    for (const { name, sees, bytes } of validRequests()) {
      const request = read(bytes);
      if (request === null) continue;
      simple++;
      assert.equal(`${request.method} ${request.url} ""`, sees, name);
    }
    assert.ok(simple > 5, `${simple} were simple`);
  });

  test('is read by Node in the same way, over thousands of mutilated heads', async () => {
    const random = seeded(2026);
    let simple = 0;
    for (let i = 0; i < 8000; i++) {
      const text = mutilated(random);
      const request = read(text);
      if (request === null) continue;
      simple++;
      const { method, url, rawHeaders } = request;
      assert.deepEqual(await readByNode(text), { method, url, rawHeaders }, JSON.stringify(text));
    }
    assert.ok(simple > 400, `only ${simple} were simple`);
  });
});

const FIELDS = [
  ...['Host: a', 'Accept: */*', 'X-Y: "q, r"; z=1', 'connection: keep-alive', 'Cookie: a=b; c=d'],
  ...['User-Agent: x/1.0 (y; z)', 'Via:', 'X~!#$%&: \t v\t', 'Connection: close', 'TE: trailers'],
  ...['Content-Length: 0', 'content-length : 3', 'Transfer-Encoding: chunked', 'If-Match: "*"'],
];
const SIGNS = ['\r', '\n', ' ', '\t', ':', '\0', '\x0b', '\x7f', '\x80', '_', ',', '/', 'H', '0'];

function below(random: Seeded, count: number): number {
  return Math.floor(random.next() * count);
}

/** A head that is nearly one. */
function mutilated(random: Seeded): string {
  const fields = Array.from({ length: 1 + below(random, 5) }, () => random.pick(FIELDS));
  let text = `${random.pick(['GET', 'HEAD', 'get', 'PUT'])} ${random.pick(['/', '/a?b#c', '/%zz'])} `;
  text += `HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`;
  for (let n = below(random, 3); n > 0; n--) {
    const at = below(random, text.length);
    const gone = below(random, 2);
    text =
      text.slice(0, at) +
      (below(random, 2) === 0 ? random.pick(SIGNS) : '') +
      text.slice(at + gone);
  }
  return text;
}

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly rawHeaders: readonly string[];
}

/** What Node's own parser makes of the same bytes; null: it refuses them, or waits for more. */
function readByNode(text: string): Promise<Seen | null> {
  const server = http.createServer({ requireHostHeader: false });
  const connection = new Duplex({
    read: () => undefined,
    write: (_bytes, _coding, done) => {
      done();
    },
  });
  return new Promise((resolve) => {
    server
      .on('request', ({ method, url, rawHeaders }: http.IncomingMessage) => {
        resolve({ method, url, rawHeaders });
        connection.destroy();
      })
      .on('clientError', () => {
        resolve(null);
        connection.destroy();
      })
      .emit('connection', connection);
    connection.on('end', () => {
      resolve(null);
    });
    connection.push(Buffer.from(text, 'latin1'));
    connection.push(null);
  });
}
