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
const ours = authority({ bootId, key, addresses: [address], isLocal: () => true });

function codeOf(answer: ReturnType<typeof prove>, nonce = serverNonce): string {
  const verified = ours.verify(answer, nonce);
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
  const relayed = ours.verify(prove(key, { ...fields, address: '127.0.0.1:7777' }), serverNonce);
  assert.ok(!relayed.ok);
  assert.equal(relayed.error.code, 'bad-key');
  assert.match(relayed.error.message, /address/);
});

test('a mac of another length is refused without an exception', () => {
  assert.equal(codeOf(prove(key, fields, { mac: 'abcd' })), 'bad-key');
});

test('without a key there is no control, and no proof helps', () => {
  const none = authority({ bootId, key: 'read-only', addresses: [address], isLocal: () => true });
  assert.equal(none.refusal(local), 'read-only');
  assert.equal(none.verify(prove(Buffer.alloc(0), fields), serverNonce).ok, false);
});

test('a connection that leaves the machine needs TLS', () => {
  const remote = authority({ bootId, key, addresses: [address], isLocal: () => false });
  assert.equal(remote.refusal(local), 'needs-tls');
  assert.equal(ours.refusal(local), null);
});
