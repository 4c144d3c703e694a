import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ResponseReader, type ResponseSink } from '../../../server/router/response-reader.js';

/** What a reader told, as one text: pieces of a body are joined. */
class Told implements ResponseSink {
  text = '';
  informational({ status }: { status: number }): void {
    this.text += `(${status})`;
  }
  head({ status }: { status: number }): void {
    this.text += `[${status}]`;
  }
  data(chunk: Buffer): void {
    this.text += chunk.toString('latin1');
  }
  end(trailers: readonly string[]): void {
    this.text += `<${trailers.join()}>`;
  }
  switched(_: unknown, rest: Buffer): void {
    this.text += `{${rest.toString('latin1')}}`;
  }
}

function read(bytes: string, cuts: readonly number[] = [], method = 'GET') {
  const told = new Told();
  const reader = new ResponseReader();
  reader.expect(method, told);
  const places = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...places, bytes.length]) {
    const fault = reader.feed(Buffer.from(bytes.slice(from, to), 'latin1'));
    if (fault !== null) return { told: told.text, fault, isIdle: reader.isIdle };
    from = to;
  }
  return { told: told.text, fault: null, isIdle: reader.isIdle };
}

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

test('an answer is the same wherever its bytes are cut', () => {
  const answers = [
    [`${OK}Content-Length: 5\r\n\r\nhello`, '[200]hello<>'],
    [
      `${CHUNKED}3\r\nhel\r\n02;x="y"\r\nlo\r\n0\r\nSum: 5\r\nB: 2\r\n\r\n`,
      '[200]hello<Sum,5,B,2>',
    ],
    [
      `HTTP/1.1 103 Hints\r\nA: 1\r\n\r\nHTTP/1.1 100\r\n\r\n${OK}Content-Length: 1\r\n\r\nx`,
      '(103)(100)[200]x<>',
    ],
    ['HTTP/1.1 204 No\r\n\r\n', '[204]<>'],
  ] as const;
  for (const [bytes, told] of answers) {
    fc.assert(
      fc.property(fc.array(fc.nat(200)), (cuts) => {
        assert.deepEqual(read(bytes, cuts), { told, fault: null, isIdle: true });
      }),
    );
    const everywhere = Array.from(bytes, (_, index) => index);
    assert.equal(read(bytes, everywhere).told, told);
  }
});

test('faulty chunks are refused: no size, a sign, a bare LF, bytes behind the data', () => {
  for (const body of [
    ...['\r\n', 'x\r\n', '+1\r\na\r\n', '-1\r\n', '0x1\r\na\r\n', ' 1\r\na\r\n', '1\na\r\n'],
    ...['1\r\nab\r\n', '1\r\na\n', '1 \r\na\r\n', '0\r\nA : 1\r\n\r\n', '0\r\n A: 1\r\n\r\n'],
    ...['1234567890abc\r\n', `1;${'x'.repeat(9000)}\r\n`, `0\r\nA: ${'x'.repeat(9000)}\r\n`],
  ]) {
    assert.equal(read(CHUNKED + body).fault, 'faulty body', JSON.stringify(body.slice(0, 30)));
  }
});

test('bytes that nobody asked for are a fault', () => {
  assert.equal(read(`${OK}Content-Length: 1\r\n\r\nxy`).fault, 'more than the answer');
  assert.equal(read(`${OK}Content-Length: 1\r\n\r\nx`, [], 'HEAD').fault, 'more than the answer');
  assert.equal(new ResponseReader().feed(Buffer.from('x')), 'more than the answer');
});

test('a head without an end is given up at its limit', () => {
  const endless = `${OK}${`A: ${'x'.repeat(1000)}\r\n`.repeat(70)}`;
  assert.equal(read(endless, [20_000, 40_000, 60_000]).fault, 'head too large');
});

test('without a length the end of the connection ends the body, and only then', () => {
  const told = new Told();
  const reader = new ResponseReader();
  reader.expect('GET', told);
  assert.equal(reader.finish(), false);
  reader.feed(Buffer.from(`${OK}\r\nall`));
  assert.equal(reader.finish(), true);
  assert.equal(told.text, '[200]all<>');
});

test('what follows a switch of protocols is not read', () => {
  assert.equal(read('HTTP/1.1 101 Own\r\n\r\n\0\x01raw').told, '{\0\x01raw}');
});

test('no bytes make the reader throw, and it never tells of an end twice', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(OK, '\r\n', '\r\n\r\n', 'Content-Length: 3\r\n', '0\r\n\r\n', '3\r\nabc\r\n'),
    fc.constant('Transfer-Encoding: chunked\r\n'),
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1 }), fc.array(fc.nat(300)), (pieces, cuts) => {
      const bytes = `${OK}${pieces.join('')}`;
      const { told } = read(bytes, cuts);
      assert.ok((told.match(/\[200\]/g)?.length ?? 0) <= 1 || pieces.join('').includes('[200]'));
    }),
  );
});
