import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Peer } from '../../../server/router/forwarded.js';
import { type ClientRequest, requestHead } from '../../../server/router/request-head.js';
import { responseFields } from '../../../server/router/response-fields.js';
import { readResponseHead } from '../../../server/router/response-head.js';
import { readTarget } from '../../../server/router/target.js';

const stranger: Peer = {
  address: '192.0.2.7',
  isTrusted: false,
  isEncrypted: false,
  certificate: '',
};
const proxy: Peer = { address: '10.0.0.1', isTrusted: true, isEncrypted: false, certificate: '' };

function head(
  rawHeaders: readonly string[],
  peer = stranger,
  changes: Partial<ClientRequest> = {},
) {
  const request = { method: 'GET', url: '/', httpVersionMinor: 1, rawHeaders, ...changes };
  const made = requestHead(request, peer, null);
  assert.ok(made !== null);
  return { ...made, lines: made.text.split('\r\n') };
}

test('a stranger is not believed whom the request was forwarded for, in any spelling', () => {
  const claims = ['X-Forwarded-For', 'x_forwarded_for', 'X-FORWARDED-PROTO', 'Forwarded'];
  const more = ['X-Real-IP', 'X_Real-Ip', 'x-forwarded-port', 'X-Forwarded_Host'];
  const { text, removed } = head([
    ...['Host', 'a'],
    ...[...claims, ...more].flatMap((name) => [name, '6.6.6.6']),
  ]);
  assert.doesNotMatch(text, /6\.6\.6\.6/);
  assert.match(text, /\r\nX-Forwarded-For: 192\.0\.2\.7\r\n/);
  assert.match(text, /\r\nForwarded: for=192\.0\.2\.7;host=a;proto=http\r\n/);
  assert.equal(removed, 8);
});

test('a trusted peer is believed, and its own address comes last', () => {
  const { text, removed } = head(
    [
      ...['Host', 'in.side', 'X-Forwarded-For', '192.0.2.1', 'X-Forwarded-For', '192.0.2.2'],
      ...['X-Forwarded-Proto', 'https', 'X-Forwarded-Host', 'catserve.io:8443'],
      ...['Forwarded', 'for=192.0.2.1'],
    ],
    proxy,
  );
  assert.match(text, /\r\nX-Forwarded-For: 192\.0\.2\.1, 192\.0\.2\.2, 10\.0\.0\.1\r\n/);
  assert.match(text, /\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: catserve\.io:8443\r\n/);
  assert.match(
    text,
    /\r\nForwarded: for=192\.0\.2\.1, for=10\.0\.0\.1;host=in\.side;proto=http\r\n/,
  );
  assert.equal(removed, 0);
});

test('an IPv6 address and a host with a port are quoted in Forwarded', () => {
  const { text } = head(['Host', 'a:80'], { ...stranger, address: '2001:db8::1' });
  assert.match(text, /\r\nForwarded: for="\[2001:db8::1\]";host="a:80";proto=http\r\n/);
  assert.match(text, /\r\nX-Forwarded-For: 2001:db8::1\r\n/);
});

test('underscores that pass for a field with which something is decided are removed', () => {
  const aliases = ['Content_Length', 'transfer_encoding', 'HOST_', 'Remote_User', 'Cookie_x'];
  const { text, removed } = head([
    'Host',
    'a',
    ...aliases.flatMap((name) => [name, 'v']),
    'X_Own',
    '1',
  ]);
  assert.doesNotMatch(text, /Content_Length|transfer_encoding|Remote_User/);
  assert.match(text, /\r\nHOST_: v\r\nCookie_x: v\r\nX_Own: 1\r\n/);
  assert.equal(removed, 3);
});

test('Connection takes what it names along, but nothing that frames or routes', () => {
  const { lines, body } = head([
    ...['Host', 'a', 'Connection', 'X-One, Content-Length, HOST', 'X-One', '1'],
    ...['Content-Length', '3', 'connection', 'x-two', 'X-Two', '2', 'X-Three', '3'],
  ]);
  assert.deepEqual(lines.slice(0, 4), [
    ...['GET / HTTP/1.1', 'Host: a', 'Content-Length: 3', 'X-Three: 3'],
  ]);
  assert.equal(body, 'length');
});

test('a body is framed as it came, and an empty one is none', () => {
  assert.equal(head(['Host', 'a', 'Content-Length', '0']).body, 'none');
  const chunked = head(['Host', 'a', 'Transfer-Encoding', 'chunked']);
  assert.equal(chunked.body, 'chunked');
  assert.equal(chunked.text.match(/Transfer-Encoding: chunked\r\n/g)?.length, 1);
});

test('without Host a worker gets an empty one, since it is asked in HTTP/1.1', () => {
  const { lines } = head([], stranger, { httpVersionMinor: 0 });
  assert.deepEqual(lines.slice(0, 2), ['GET / HTTP/1.1', 'Host: ']);
  assert.ok(lines.includes('Via: 1.0 tsuwsgi'));
  assert.ok(!lines.some((line) => line.startsWith('X-Forwarded-Host')));
});

test('only a client that knows trailers is said to', () => {
  assert.match(head(['Host', 'a', 'TE', 'trailers']).text, /Connection: TE\r\nTE: trailers\r\n/);
  assert.doesNotMatch(head(['Host', 'a', 'TE', 'deflate']).text, /TE:/);
});

test('a target is a path, an http address, or * for OPTIONS', () => {
  assert.deepEqual(readTarget('/a?b', 'GET'), { path: '/a?b', authority: null });
  assert.deepEqual(readTarget('http://a:1', 'GET'), { path: '/', authority: 'a:1' });
  assert.deepEqual(readTarget('HTTP://a?b', 'GET'), { path: '/?b', authority: 'a' });
  assert.deepEqual(readTarget('https://[::1]/x', 'GET'), { path: '/x', authority: '[::1]' });
  assert.deepEqual(readTarget('http://a', 'OPTIONS'), { path: '*', authority: 'a' });
  assert.equal(readTarget('*', 'OPTIONS')?.path, '*');
  for (const url of [
    '*',
    'a',
    'ftp://a/',
    'http://u@a/',
    'http:///x',
    'http://a\\b/',
    'http://a b',
  ])
    assert.equal(readTarget(url, 'GET'), null, url);
});

test('the head of an answer is read, and how its body ends', () => {
  const read = (fields: string, method = 'GET', line = 'HTTP/1.1 200 OK') =>
    readResponseHead(`${line}${fields === '' ? '' : `\r\n${fields}`}`, method);
  assert.deepEqual(read('Content-Length: 5')?.framing, { type: 'length', length: 5 });
  assert.deepEqual(read('Transfer-Encoding: Chunked')?.framing, { type: 'chunked' });
  assert.deepEqual(read('')?.framing, { type: 'close' });
  assert.equal(read('')?.keepsAlive, false);
  assert.deepEqual(read('Content-Length: 5', 'HEAD')?.framing, { type: 'none' });
  assert.deepEqual(read('', 'GET', 'HTTP/1.1 304')?.framing, { type: 'none' });
  assert.equal(read('Content-Length: 5\r\nConnection: close')?.keepsAlive, false);
  assert.equal(read('Content-Length: 5', 'GET', 'HTTP/1.0 200 OK')?.keepsAlive, false);
  assert.equal(read('Content-Length: 5\r\nKeep-Alive: timeout=7')?.idleSeconds, 7);
  for (const fields of [
    ...['Content-Length: 5\r\nContent-Length: 5', 'Content-Length: 5, 5', 'Content-Length: +5'],
    ...[
      'Content-Length: 0x5',
      'Content-Length: ',
      'Content-Length: 5\r\nTransfer-Encoding: chunked',
    ],
    ...['Transfer-Encoding: gzip', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'],
    ...['A : 1', ' A: 1', 'A', ': 1', 'A: 1\n B: 2', 'A: \0', 'A: 1\rB: 2', 'Ä: 1'],
  ]) {
    assert.equal(read(fields), null, JSON.stringify(fields));
  }
  for (const line of [
    'HTTP/1.1 99 X',
    'HTTP/1.1  200 OK',
    'http/1.1 200 OK',
    'HTTP/1.2 200 OK',
    '',
  ]) {
    assert.equal(read('', 'GET', line), null, line);
  }
});

test('an answer loses what belongs to the connection of the worker', () => {
  const rawHeaders = [
    ...['A', '1', 'Connection', 'X-Own', 'X-Own', '2', 'Keep-Alive', 'timeout=5'],
    ...['Transfer-Encoding', 'chunked', 'Trailer', 'B', 'Set-Cookie', 'x', 'set-cookie', 'y'],
  ];
  const kept = ['A', '1', 'Set-Cookie', 'x', 'set-cookie', 'y'];
  assert.deepEqual(responseFields({ status: 200, rawHeaders }, false), kept);
  assert.ok(responseFields({ status: 200, rawHeaders }, true).includes('Trailer'));
  assert.deepEqual(
    responseFields({ status: 204, rawHeaders: ['Content-Length', '0', 'A', '1'] }, false),
    ['A', '1'],
  );
});
