import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  countListenOverflows,
  parseListenOverflows,
} from '../../../server/master/listen-overflows.js';

test('the overflows of accept queues are found by their name', () => {
  const text = [
    'TcpExt: SyncookiesSent ListenOverflows ListenDrops',
    'TcpExt: 7 12 40',
    'IpExt: InNoRoutes ListenOverflows',
    'IpExt: 0 99',
  ].join('\n');
  assert.equal(parseListenOverflows(text), 12);
});

test('any other text has none, and nothing throws', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(parseListenOverflows(text), null);
    }),
  );
  assert.equal(parseListenOverflows('TcpExt: ListenOverflows\n'), null);
  assert.equal(parseListenOverflows('TcpExt: ListenOverflows\nTcpExt: many\n'), null);
});

test('the real file has them', { skip: process.platform !== 'linux' }, () => {
  assert.notEqual(parseListenOverflows(readFileSync('/proc/net/netstat', 'utf8')), null);
  assert.ok(countListenOverflows()() >= 0);
});
