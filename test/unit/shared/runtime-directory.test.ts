import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeKeyFile } from '../../../shared/decode-key-file.js';
import { runtimeDirectory } from '../../../shared/runtime-directory.js';

test('keys lie in the runtime directory of the user, else in a folder of his own', () => {
  assert.equal(runtimeDirectory({ XDG_RUNTIME_DIR: '/run/user/7' }, 7), '/run/user/7/tsuwsgi');
  assert.equal(runtimeDirectory({ XDG_RUNTIME_DIR: '/run/user/7/' }, 7), '/run/user/7/tsuwsgi');
  for (const given of [undefined, '', 'relative/path']) {
    assert.equal(runtimeDirectory({ XDG_RUNTIME_DIR: given }, 7), '/tmp/tsuwsgi-7');
  }
});

test('a key file is read whole or refused, and its key is never quoted', () => {
  const good = { boot_id: '0123456789abcdef', key: '0a'.repeat(32), addresses: ['127.0.0.1:1'] };
  assert.deepEqual(decodeKeyFile(JSON.stringify({ ...good, more: 1 })), { ok: true, value: good });
  for (const [text, message] of [
    ['', 'is not JSON'],
    ['[]', 'holds no JSON object'],
    [JSON.stringify({ ...good, boot_id: '..' }), 'has no boot id'],
    [JSON.stringify({ ...good, key: 'secret' }), 'has no key of 32 bytes in hex'],
    [JSON.stringify({ ...good, addresses: '127.0.0.1:1' }), 'has no list of addresses'],
    [JSON.stringify({ ...good, addresses: [1] }), 'has an address that is no string'],
  ] as const) {
    assert.deepEqual(decodeKeyFile(text), { ok: false, error: message });
  }
});
