import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatAddress, MAX_UNIX_PATH, parseAddress } from '../../../shared/address.js';

function parsed(text: string): unknown {
  const result = parseAddress(text);
  assert.ok(result.ok, result.ok ? '' : result.error);
  return result.value;
}

describe('an address', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['localhost:9191', { kind: 'tcp', host: 'localhost', port: 9191 }],
    [' :9191 ', { kind: 'tcp', host: '', port: 9191 }],
    ['9191', { kind: 'tcp', host: '', port: 9191 }],
    ['127.0.0.1:0', { kind: 'tcp', host: '127.0.0.1', port: 0 }],
    ['[::1]:80', { kind: 'tcp', host: '::1', port: 80 }],
    ['[fe80::1%eth0]:80', { kind: 'tcp', host: 'fe80::1%eth0', port: 80 }],
    ['my-host.example:65535', { kind: 'tcp', host: 'my-host.example', port: 65_535 }],
    ['/run/stats.sock', { kind: 'unix', path: '/run/stats.sock' }],
    ['./stats', { kind: 'unix', path: './stats' }],
    ['stats.sock', { kind: 'unix', path: 'stats.sock' }],
    ['/odd:name', { kind: 'unix', path: '/odd:name' }],
    ['@tsabs', { kind: 'abstract', name: 'tsabs' }],
  ];
  for (const [text, address] of cases) {
    test(`${JSON.stringify(text)} is read`, () => {
      assert.deepEqual(parsed(text), address);
    });
  }

  const errors: readonly (readonly [string, RegExp])[] = [
    ['', /the address is empty: write host:port/],
    ['@', /names no abstract socket/],
    ['host', /is neither host:port, :port, a path/],
    ['::1', /write an IPv6 address in brackets, such as \[::1\]:9191/],
    ['[::1]', /write an IPv6 address in brackets/],
    ['[nonsense]:80', /"nonsense" is not an IPv6 address/],
    ['host:', /"" is not a port/],
    ['host:http', /"http" is not a port \(0 to 65535\)/],
    ['host:65536', /"65536" is not a port/],
    ['host:-1', /"-1" is not a port/],
    ['a b:80', /"a b" is no host name/],
    [`/${'x'.repeat(MAX_UNIX_PATH)}`, /is 108 bytes long, the limit is 107/],
    [`/${'é'.repeat(54)}`, /is 109 bytes long/],
  ];
  for (const [text, message] of errors) {
    test(`${JSON.stringify(text.slice(0, 30))} is refused with the remedy`, () => {
      const result = parseAddress(text);
      assert.ok(!result.ok);
      assert.match(result.error, message);
    });
  }

  test('written out is read back the same', () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), fc.constant(''));
    const address = fc.oneof(
      fc.record({ kind: fc.constant('tcp' as const), host, port: fc.nat(65_535) }),
      fc.record({ kind: fc.constant('unix' as const), path: fc.constantFrom('/a', './b', '/a:1') }),
      fc.record({ kind: fc.constant('abstract' as const), name: fc.constantFrom('a', 'b:1', '@') }),
    );
    fc.assert(
      fc.property(address, (value) => {
        assert.deepEqual(parsed(formatAddress(value)), { ...value });
      }),
    );
  });

  test('of any text is a value or a sentence', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const result = parseAddress(text);
        assert.ok(result.ok || result.error.length > 0);
      }),
    );
  });
});
