import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { forbiddenTrailer } from '../../../server/http/body-watch.js';
import { refusal, type Gated } from '../../../server/http/gate.js';

const request = (changes: Partial<Gated> = {}): Gated => ({
  method: 'GET',
  url: '/',
  httpVersionMajor: 1,
  httpVersionMinor: 1,
  rawHeaders: ['Host', 'catserve.io', 'Accept', '*/*'],
  ...changes,
});

test('an ordinary request passes, also with other headers twice', () => {
  assert.equal(refusal(request()), null);
  const twice = ['Host', 'a', 'Date', 'x', 'Date', 'y', 'Cookie', 'a', 'Cookie', 'b'];
  assert.equal(refusal(request({ rawHeaders: twice })), null);
  assert.equal(refusal(request({ httpVersionMinor: 0, rawHeaders: [] })), null);
});

test('two Host lines are refused wherever they stand and however they are written', () => {
  const others = fc.array(fc.constantFrom('Accept', 'From', 'Cookie', 'X-Forwarded-Host'));
  const host = fc.constantFrom('Host', 'host', 'HOST', 'hOsT');
  const names = fc.tuple(others, host, others, host, others);
  fc.assert(
    fc.property(names, ([before, one, between, two, after]) => {
      const rawHeaders = [...before, one, ...between, two, ...after].flatMap((name) => [name, 'a']);
      assert.equal(refusal(request({ rawHeaders }))?.reason, 'more than one Host header');
    }),
  );
});

test('a Host value is a host with a port: what RFC 3986 needs for another part is refused', () => {
  const hosts = ['', 'a', 'a:80', '[::1]:80', '10.0.0.1', 'a_b.c-d', 'xn--cats-5qa.io', '%41'];
  for (const value of hosts) assert.equal(refusal(request({ rawHeaders: ['Host', value] })), null);
  const invalid = ['a b', 'a,b', 'a, b', 'u@a', 'a/b', 'a?b', 'a#b', 'a\\b', 'a\tb', 'é', '"a"'];
  for (const value of invalid) {
    assert.equal(refusal(request({ rawHeaders: ['Host', value] }))?.status, 400, value);
  }
});

test('a value that was valid once does not make another one valid', () => {
  assert.equal(refusal(request({ rawHeaders: ['Host', 'ok.io'] })), null);
  assert.equal(refusal(request({ rawHeaders: ['Host', 'ok.io, b'] }))?.status, 400);
  assert.equal(refusal(request({ rawHeaders: ['Host', 'ok.io', 'Host', 'ok.io'] }))?.status, 400);
});

test('only chunked alone is understood as a transfer coding, and only in HTTP/1.1', () => {
  const coded = (value: string, httpVersionMinor = 1) =>
    refusal(request({ httpVersionMinor, rawHeaders: ['Host', 'a', 'Transfer-Encoding', value] }))
      ?.status;
  assert.equal(coded('chunked'), undefined);
  assert.equal(coded('Chunked'), undefined);
  assert.equal(coded('gzip, chunked'), 501);
  assert.equal(coded('chunked', 0), 400);
});

test('versions other than 1.0 and 1.1 are refused', () => {
  const version = (httpVersionMajor: number, httpVersionMinor: number) =>
    refusal(request({ httpVersionMajor, httpVersionMinor }))?.status;
  assert.deepEqual([version(0, 9), version(1, 0), version(1, 1)], [505, undefined, undefined]);
  assert.deepEqual([version(1, 2), version(2, 0)], [505, 505]);
});

test('the forbidden trailer is found in any case and place; others pass', () => {
  assert.equal(forbiddenTrailer([]), null);
  assert.equal(forbiddenTrailer(['X-Sum', '1', 'Server-Timing', 'a']), null);
  assert.equal(forbiddenTrailer(['X-Sum', 'host', 'HOST', 'a']), 'host');
  assert.equal(forbiddenTrailer(['content-LENGTH', '1']), 'content-length');
});
