import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowedHosts, checkHost, checkOrigin } from '../../../server/stats/host-check.js';

const allowed = allowedHosts(['Cats.Example', 'box', '']);

for (const host of [
  'localhost',
  'LOCALHOST:9191',
  'localhost.',
  '127.0.0.1:9191',
  '192.0.2.7',
  '[::1]',
  '[2001:db8::1]:9191',
  'cats.example',
  'box:80',
]) {
  test(`the Host "${host}" is welcome`, () => {
    assert.equal(checkHost([host], '1.1', allowed), 'welcome');
  });
}

for (const host of [
  'evil.example',
  'cats.example.evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '0x7f.1',
  'a b',
  'cats.example:http',
  'user@cats.example',
  'cats.example/',
  '[::1',
  '[evil]',
  '',
]) {
  test(`the Host "${host}" is foreign`, () => {
    assert.equal(checkHost([host], '1.1', allowed), 'foreign');
  });
}

test('a Host may be missing in HTTP/1.0 only', () => {
  assert.equal(checkHost([], '1.0', allowed), 'welcome');
  assert.equal(checkHost([], '1.1', allowed), 'missing');
});

test('more than one Host is refused, even when each would be welcome', () => {
  assert.equal(checkHost(['localhost', 'localhost'], '1.1', allowed), 'several');
});

test('a program without an Origin may open the WebSocket', () => {
  assert.ok(checkOrigin(undefined, 'localhost:9191'));
});

for (const [origin, host] of [
  ['http://localhost:9191', 'localhost:9191'],
  ['http://LOCALHOST:9191', 'localhost:9191'],
  ['http://cats.example', 'cats.example:80'],
  ['https://cats.example', 'cats.example:443'],
  ['http://[::1]:9191', '[::1]:9191'],
] as const) {
  test(`a page of ${origin} may open the WebSocket of ${host}`, () => {
    assert.ok(checkOrigin(origin, host));
  });
}

for (const [origin, host] of [
  ['http://evil.example', 'localhost:9191'],
  ['http://localhost:8000', 'localhost:9191'],
  ['http://localhost', 'localhost:9191'],
  ['null', 'localhost:9191'],
  ['file://', 'localhost:9191'],
  ['http://', 'localhost:9191'],
  ['http://localhost:9191', undefined],
] as const) {
  test(`a page of ${origin} may not open the WebSocket of ${host ?? 'nobody'}`, () => {
    assert.equal(checkOrigin(origin, host), false);
  });
}
