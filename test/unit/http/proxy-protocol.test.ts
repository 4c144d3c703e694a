import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readProxyHeader } from '../../../server/http/proxy-protocol.js';

const line = (text: string) => readProxyHeader(Buffer.from(text, 'latin1'));

function binary(command: number, family: number, block: readonly number[], length = block.length) {
  const head = [command, family, length >> 8, length & 255];
  return Buffer.concat([Buffer.from('\r\n\r\n\0\r\nQUIT\n'), Buffer.from([...head, ...block])]);
}

const V4 = [192, 0, 2, 7, 10, 0, 0, 1, 0xdb, 0x4f, 0, 80];
const V6 = [
  ...[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  ...[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
  ...[0xdb, 0x4f, 0, 80],
];

test('a line of version 1 tells who the client is, and where its bytes begin', () => {
  const tcp4 = 'PROXY TCP4 192.0.2.7 10.0.0.1 56143 80\r\n';
  assert.deepEqual(line(`${tcp4}GET /`), {
    ...{ type: 'read', length: tcp4.length, peer: { address: '192.0.2.7', port: 56143 } },
  });
  assert.deepEqual(line('PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n'), {
    ...{ type: 'read', length: 40, peer: { address: '2001:db8::1', port: 1 } },
  });
  assert.deepEqual(line('PROXY UNKNOWN\r\n'), { type: 'read', length: 15, peer: null });
  assert.deepEqual(line('PROXY UNKNOWN ff:: ff:: 1 2\r\n').type, 'read');
});

test('a header of version 2 does too, its further fields are passed over', () => {
  const peer = { address: '192.0.2.7', port: 56143 };
  assert.deepEqual(readProxyHeader(binary(0x21, 0x11, V4)), { type: 'read', length: 28, peer });
  const longer = readProxyHeader(binary(0x21, 0x11, [...V4, 4, 0, 1, 0]));
  assert.deepEqual(longer, { type: 'read', length: 32, peer });
  assert.deepEqual(readProxyHeader(binary(0x21, 0x21, V6)), {
    ...{ type: 'read', length: 52, peer: { address: '2001:db8::1', port: 56143 } },
  });
  assert.deepEqual(readProxyHeader(binary(0x20, 0, [])), { type: 'read', length: 16, peer: null });
});

test('a header that has not come to its end is waited for, wherever it is cut', () => {
  const headers = [
    Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 56143 80\r\n'),
    binary(0x21, 0x11, V4),
    binary(0x21, 0x21, V6),
  ];
  for (const header of headers) {
    for (let cut = 0; cut < header.length; cut++) {
      assert.equal(readProxyHeader(header.subarray(0, cut)).type, 'more', `${cut}`);
    }
  }
});

test('whatever is written otherwise is faulty', () => {
  for (const text of [
    ...[
      'GET / HTTP/1.1\r\n',
      'proxy TCP4 1.1.1.1 1.1.1.1 1 1\r\n',
      'PROXY  TCP4 1.1.1.1 1.1.1.1 1 1\r\n',
    ],
    ...['PROXY TCP4 1.1.1.1 1.1.1.1 1\r\n', 'PROXY TCP4 1.1.1.1 1.1.1.1 1 1 \r\n'],
    ...['PROXY TCP4 1.1.1.01 1.1.1.1 1 1\r\n', 'PROXY TCP4 ::1 ::1 1 1\r\n'],
    ...['PROXY TCP6 1.1.1.1 1.1.1.1 1 1\r\n', 'PROXY TCP4 1.1.1.1 1.1.1.1 01 1\r\n'],
    ...['PROXY TCP4 1.1.1.1 1.1.1.1 65536 1\r\n', 'PROXY UDP4 1.1.1.1 1.1.1.1 1 1\r\n'],
    ...[`PROXY UNKNOWN ${'x'.repeat(92)}\r\n`, `PROXY ${'x'.repeat(101)}`, 'PROXY UNKNOWN\n\r\n'],
  ]) {
    assert.equal(line(text).type, 'faulty', text);
  }
  for (const bytes of [
    ...[binary(0x11, 0x11, V4), binary(0x22, 0x11, V4), binary(0x21, 0x12, V4)],
    ...[binary(0x21, 0x11, V4.slice(1)), binary(0x21, 0x21, V4), binary(0x21, 0x11, V4, 5000)],
  ]) {
    assert.equal(readProxyHeader(bytes).type, 'faulty', bytes.toString('hex'));
  }
});

test('the longest line of version 1 is read, one byte more is not', () => {
  assert.equal(line(`PROXY UNKNOWN ${'x'.repeat(91)}\r\n`).type, 'read');
});

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.boolean(), (bytes, isBinary) => {
      const head = Buffer.from(isBinary ? '\r\n\r\n\0\r\nQUIT\n' : 'PROXY ');
      readProxyHeader(Buffer.concat([head, bytes]));
    }),
  );
});
