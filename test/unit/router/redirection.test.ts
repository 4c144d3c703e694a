import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redirection } from '../../../server/router/redirection.js';

const stranger = { isEncrypted: false, isTrusted: false };

function where(host: string | undefined, url = '/', port = 443): unknown {
  const headers = host === undefined ? {} : { host };
  return redirection(port, stranger, { headers, url });
}

test('a client without TLS is sent to the same path of the same host', () => {
  assert.deepEqual(where('catserve.io', '/a?b=c'), { location: 'https://catserve.io/a?b=c' });
  assert.deepEqual(where('catserve.io:8080', '/a', 8443), {
    location: 'https://catserve.io:8443/a',
  });
  assert.deepEqual(where('[::1]:80'), { location: 'https://[::1]/' });
});

test('the path stays one, also where it begins like a host', () => {
  assert.deepEqual(where('a', '//evil.example/'), { location: 'https://a//evil.example/' });
  assert.deepEqual(where('a', 'http://evil.example/x'), { location: 'https://a/' });
});

test('who names no host that could be in an address is sent nowhere', () => {
  for (const host of [undefined, '', 'user@evil', 'a b', '-a', 'a%2f', "a'", '[::1', '..']) {
    assert.equal(where(host), 'no host', host);
  }
});

test('who came by TLS is served, and whose trusted proxy says so', () => {
  const request = { headers: { host: 'a', 'x-forwarded-proto': 'https' }, url: '/' };
  assert.equal(redirection(443, { isEncrypted: true, isTrusted: false }, request), null);
  assert.equal(redirection(443, { isEncrypted: false, isTrusted: true }, request), null);
  assert.notEqual(redirection(443, stranger, request), null);
  assert.equal(redirection(undefined, stranger, request), null);
});
