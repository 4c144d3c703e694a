import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { authority } from '../../../server/control/authority.js';
import { prove } from '../../support/proof.js';

const key = randomBytes(32);
const bootId = 'abcdef01';
const serverNonce = randomBytes(32).toString('hex');
const address = '127.0.0.1:9191';
const fields = { bootId, serverNonce, address };
const local = { kind: 'tcp', remoteAddress: '127.0.0.1', localAddress: '127.0.0.1' } as const;
const ours = authority({
  bootId,
  keys: { operate: () => key, read: null },
  addresses: [address],
  isLocal: () => true,
});

function codeOf(answer: ReturnType<typeof prove>, nonce = serverNonce): string {
  const verified = ours.verify(answer, nonce, null);
  return verified.ok ? 'verified' : verified.error.code;
}

test('the proof of the right key is accepted, for either role', () => {
  assert.equal(codeOf(prove(key, fields)), 'verified');
  assert.equal(codeOf(prove(key, { ...fields, role: 'read' })), 'verified');
});

test('the proof of another key is not', () => {
  assert.equal(codeOf(prove(randomBytes(32), fields)), 'bad-key');
});

test('a proof for one challenge does not answer another', () => {
  assert.equal(codeOf(prove(key, fields), randomBytes(32).toString('hex')), 'bad-key');
});

test('nothing under the proof can be swapped', () => {
  assert.equal(codeOf(prove(key, { ...fields, role: 'read' }, { role: 'operate' })), 'bad-key');
  assert.equal(codeOf(prove(key, { ...fields, bootId: 'abcdef02' })), 'bad-key');
  assert.equal(codeOf(prove(key, fields, { nonce: 'ab'.repeat(32) })), 'bad-key');
  assert.equal(codeOf(prove(key, { ...fields, address: '127.0.0.1:1' }, { address })), 'bad-key');
});

test('a good proof that was made for another address was relayed, and is refused', () => {
  const relayed = ours.verify(
    prove(key, { ...fields, address: '127.0.0.1:7777' }),
    serverNonce,
    null,
  );
  assert.ok(!relayed.ok);
  assert.equal(relayed.error.code, 'bad-key');
  assert.match(relayed.error.message, /address/);
});

test('a mac of another length is refused without an exception', () => {
  assert.equal(codeOf(prove(key, fields, { mac: 'abcd' })), 'bad-key');
});

test('without a key there is no control, and no proof helps', () => {
  const none = authority({
    bootId,
    keys: { operate: () => 'read-only', read: null },
    addresses: [address],
    isLocal: () => true,
  });
  assert.equal(none.refusal(local, 'operate'), 'read-only');
  assert.equal(none.verify(prove(Buffer.alloc(0), fields), serverNonce, null).ok, false);
});

test('a connection that leaves the machine needs TLS', () => {
  const remote = authority({
    bootId,
    keys: { operate: () => key, read: null },
    addresses: [address],
    isLocal: () => false,
  });
  assert.equal(remote.refusal(local, 'operate'), 'needs-tls');
  assert.equal(ours.refusal(local, 'operate'), null);
});

test('the address that this very connection reached is one of ours, also behind a wildcard', () => {
  const answer = prove(key, { ...fields, address: '192.0.2.7:9443' });
  assert.equal(ours.verify(answer, serverNonce, '192.0.2.7:9443').ok, true);
  assert.equal(ours.verify(answer, serverNonce, '192.0.2.8:9443').ok, false);
});

test('the key to read proves the role "read" and no other', () => {
  const read = randomBytes(32);
  const keys = { operate: () => key, read };
  const both = authority({ bootId, keys, addresses: [address], isLocal: () => true });
  const verify = (answer: ReturnType<typeof prove>) => both.verify(answer, serverNonce, null).ok;
  assert.equal(verify(prove(read, { ...fields, role: 'read' })), true);
  assert.equal(verify(prove(read, fields)), false);
  assert.equal(verify(prove(key, { ...fields, role: 'read' })), true);
});

test('a client certificate operates by itself, but not where control is switched off', () => {
  const remote = {
    kind: 'tcp',
    remoteAddress: '192.0.2.1',
    localAddress: '192.0.2.2',
    tls: { operator: 'alice' },
  } as const;
  const withKey = (operate: () => Buffer | 'no-key' | 'read-only') =>
    authority({
      bootId,
      keys: { operate, read: null },
      addresses: [address],
      isLocal: () => false,
    });
  assert.equal(withKey(() => key).roleOf(remote), 'operate');
  assert.equal(withKey(() => 'no-key').roleOf(remote), 'operate');
  assert.equal(withKey(() => 'no-key').refusal(remote, 'operate'), null);
  assert.equal(withKey(() => 'read-only').roleOf(remote), 'read');
  assert.equal(withKey(() => 'read-only').refusal(remote, 'operate'), 'read-only');
  const anonymous = { ...remote, tls: { operator: null } };
  assert.equal(withKey(() => key).roleOf(anonymous), null);
  assert.equal(withKey(() => key).refusal(anonymous, 'operate'), null, 'TLS is enough for a proof');
});
