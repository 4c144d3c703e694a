import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { places } from '../../../top/client/dial.js';
import { parseTarget } from '../../../top/client/target.js';

describe('an ADDRESS', () => {
  const tcp = (host: string, port: number) => ({ kind: 'tcp', host, port });
  const cases: readonly (readonly [string, string, unknown, string, string])[] = [
    ['localhost:9191', 'any', tcp('localhost', 9191), 'localhost:9191', '/stats'],
    [' :9191', 'any', tcp('', 9191), 'localhost:9191', '/stats'],
    ['[::1]:9191', 'any', tcp('::1', 9191), '[::1]:9191', '/stats'],
    ['/run/s.sock', 'any', { kind: 'unix', path: '/run/s.sock' }, 'localhost', '/stats'],
    ['@name', 'any', { kind: 'abstract', name: 'name' }, 'localhost', '/stats'],
    ['http://box', 'http', tcp('box', 80), 'box', '/stats'],
    ['http://[::1]:1/', 'http', tcp('::1', 1), '[::1]:1', '/stats'],
    ['HTTP://box:8/a/b?c=d#e', 'http', tcp('box', 8), 'box:8', '/a/b?c=d'],
    ['ws://box:8', 'live', tcp('box', 8), 'box:8', '/live'],
    ['ws://box:8/my/live', 'live', tcp('box', 8), 'box:8', '/my/live'],
  ];
  for (const [text, kind, address, host, path] of cases) {
    test(`${text} is read`, () => {
      assert.deepEqual(parseTarget(text), {
        ok: true,
        value: { kind, address, host, path, text: text.trim() },
      });
    });
  }

  for (const [text, message] of [
    ['', /the address is empty/],
    ['ftp://box', /ftp:\/\/ is not spoken here/],
    ['http://', /is not a URL/],
    ['http://box:99999', /is not a URL/],
    ['http://me:secret@box', /"box": a user name or password in the URL is not used/],
    ['box:0', /port 0 cannot be connected to/],
    ['box', /is neither host:port/],
  ] as const) {
    test(`${JSON.stringify(text)} is refused with the remedy`, () => {
      const target = parseTarget(text);
      assert.ok(!target.ok);
      assert.match(target.error, message);
      assert.equal(target.error.includes('secret'), false);
    });
  }
});

test('an address without a host means loopback, IPv4 first', () => {
  for (const host of ['', 'localhost']) {
    assert.deepEqual(places({ kind: 'tcp', host, port: 1 }), [
      { host: '127.0.0.1', port: 1 },
      { host: '::1', port: 1 },
    ]);
  }
  assert.deepEqual(places({ kind: 'tcp', host: 'box', port: 1 }), [{ host: 'box', port: 1 }]);
});

test('an abstract name is tried as everyone binds it, then as uWSGI does', () => {
  assert.deepEqual(places({ kind: 'abstract', name: 'x' }), [{ path: '\0x' }, { path: '\0x\0' }]);
});
