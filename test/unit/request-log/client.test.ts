import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClientFinder } from '../../../server/request-log/client.js';
import { requestToLog } from '../../support/logged.js';

function clientOf(trusted: readonly string[] | null, peer: string, list?: string): string {
  const headers = list === undefined ? {} : { 'x-forwarded-for': list };
  const socket = peer === '' ? {} : { remoteAddress: peer };
  return createClientFinder(trusted)(requestToLog({ headers, socket }));
}

test('the client is the peer where X-Forwarded-For is not asked for', () => {
  assert.equal(clientOf(null, '::ffff:192.0.2.1', '198.51.100.1'), '192.0.2.1');
});

test('a stranger is believed nothing', () => {
  assert.equal(clientOf(['10.0.0.0/8'], '192.0.2.1', '198.51.100.1'), '192.0.2.1');
});

test('of the list of a trusted peer the last entry counts that is not of a trusted one itself', () => {
  const list = '203.0.113.9, 198.51.100.1, 10.0.0.2';
  assert.equal(clientOf(['10.0.0.0/8'], '10.0.0.1', list), '198.51.100.1');
  assert.equal(clientOf(['0.0.0.0/0'], '10.0.0.1', list), '203.0.113.9');
  assert.equal(clientOf(['unix'], '', list), '10.0.0.2');
});

test('what is no address ends the list', () => {
  assert.equal(clientOf(['10.0.0.0/8'], '10.0.0.1', '198.51.100.1, unknown'), '10.0.0.1');
  assert.equal(clientOf(['10.0.0.0/8'], '10.0.0.1', ''), '10.0.0.1');
});
