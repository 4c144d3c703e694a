import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLocal } from '../../../server/control/peer.js';

const tcp = (remoteAddress?: string, localAddress = '127.0.0.1') =>
  isLocal({ kind: 'tcp', remoteAddress, localAddress });

for (const address of ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1']) {
  test(`a client at ${address} is local`, () => {
    assert.ok(tcp(address));
  });
}

for (const address of ['192.0.2.1', '10.0.0.1', '::', 'fe80::1', '::ffff:192.0.2.1', '127.evil']) {
  test(`a client at ${address} is not local`, () => {
    assert.equal(tcp(address), false);
  });
}

test('a loopback source that reached another address of ours is forged', () => {
  assert.equal(tcp('127.0.0.1', '192.0.2.1'), false);
});

test('a connection that is gone already is not local', () => {
  assert.equal(tcp(undefined), false);
});

test('a unix socket is local, though it has no addresses', () => {
  assert.ok(isLocal({ kind: 'unix', remoteAddress: undefined, localAddress: undefined }));
});
