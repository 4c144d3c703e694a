import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameText } from '../../../../server/router/client-certificate.js';
import { createHostTable } from '../../../../server/router/host-table.js';
import { Budget } from '../../../../server/router/http2/budget.js';
import { answerFields } from '../../../../server/router/http2/fields.js';
import { readHttp2Request } from '../../../../server/router/http2/request.js';

const PSEUDO = [':method', 'GET', ':scheme', 'https', ':path', '/', ':authority', 'a'];

function read(fields: readonly string[], hasBody = false) {
  const request = readHttp2Request(fields, hasBody, 16_384);
  return request.ok ? request.value.rawHeaders : request.error.code;
}

test('the fields of a stream are those of a request in HTTP/1.1', () => {
  assert.deepEqual(read([...PSEUDO, 'cookie', 'a=1', 'x', 'y', 'cookie', 'b=2']), [
    ...['host', 'a', 'x', 'y', 'cookie', 'a=1; b=2'],
  ]);
  assert.deepEqual(read(PSEUDO, true), ['host', 'a', 'transfer-encoding', 'chunked']);
  assert.deepEqual(read([...PSEUDO, 'content-length', '3'], true), [
    ...['host', 'a', 'content-length', '3'],
  ]);
});

test('what would be more than one field or line in HTTP/1.1 is malformed', () => {
  for (const field of [
    ['x', 'a\r\nb: c'],
    ['x\n', 'a'],
    ['x y', 'a'],
    ['transfer-encoding', 'chunked'],
    ['connection', 'close'],
    ['x', 'a\0'],
    ['x', 'snow\u2603'],
    [':protocol', 'websocket'],
  ]) {
    assert.equal(read([...PSEUDO, ...field]), 'malformed', field.join());
  }
  const path = (value: string) => read([':method', 'GET', ':path', value, ':authority', 'a']);
  for (const value of ['', 'a', '/a b', '/ HTTP/1.1\r\nx: y', 'http://b/']) {
    assert.equal(path(value), 'malformed', value);
  }
});

test('CONNECT for a WebSocket is a GET to upgrade, and any other is refused', () => {
  const connect = [':method', 'CONNECT', ':scheme', 'https', ':path', '/a', ':authority', 'a'];
  const request = readHttp2Request([...connect, ':protocol', 'websocket'], true, 16_384);
  assert.deepEqual(request.ok && request.value, {
    ...{ method: 'GET', url: '/a', httpVersionMajor: 2, httpVersionMinor: 1, isWebSocket: true },
    rawHeaders: ['host', 'a'],
  });
  assert.equal(read(connect), 'connect');
  assert.equal(read([...connect, ':protocol', 'connect-udp']), 'connect');
});

test('Host may repeat what :authority says, and nothing else', () => {
  assert.deepEqual(read([...PSEUDO, 'host', 'A']), ['host', 'a']);
  assert.equal(read([...PSEUDO, 'host', 'b']), 'authority_mismatch');
  assert.deepEqual(read([...PSEUDO.slice(0, 6), 'host', 'b']), ['host', 'b']);
  assert.equal(read(PSEUDO.slice(0, 6)), 'malformed');
});

test('an answer loses what HTTP/2 does not have, and keeps repeated fields where they may be', () => {
  const rawHeaders = ['Set-Cookie', 'a', 'Set-Cookie', 'b', 'Connection', 'X-A', 'X-A', '1'];
  const more = ['ETag', '"1"', 'ETag', '"2"', 'Vary', 'a', 'Vary', 'b', 'TE', 'trailers'];
  const fields = answerFields({ status: 200, rawHeaders: [...rawHeaders, ...more] }, false, null);
  assert.deepEqual({ ...fields }, { 'set-cookie': ['a', 'b'], etag: '"1"', vary: ['a', 'b'] });
});

test('a budget allows a burst, and then as many as its rate', () => {
  const budget = new Budget({ burst: 2, rate: 10 }, 0);
  assert.deepEqual([budget.take(0), budget.take(0), budget.take(0)], [true, true, false]);
  assert.equal(budget.take(250), true);
  assert.equal(budget.take(250), false);
});

test('a host is found by its name, then by a wildcard for one label', () => {
  const table = createHostTable([
    { names: ['*.a.io', 'a.io'], value: 1 },
    { names: ['x.a.io', 'a.io'], value: 2 },
  ]);
  const hosts = ['A.io', 'x.a.io', 'y.a.io', 'z.y.a.io', 'io'];
  assert.deepEqual(
    hosts.map((host) => table.find(host)),
    [1, 2, 1, undefined, undefined],
  );
});

test('a name from a certificate stays on one line, in ASCII', () => {
  assert.equal(nameText('CN=a\\,b ü\nO=x'), 'CN=a\\,b \\C3\\BC,O=x');
  assert.equal(nameText('CN=a\r'), 'CN=a\\0D');
});
