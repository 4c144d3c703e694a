import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { readKeyFile } from '../../../top/client/key-file.js';
import { prove, type ProofFor } from '../../../top/client/proof.js';
import { parseTarget } from '../../../top/client/target.js';

const BOOT_ID = '0123456789abcdef';
const CONTENT = { boot_id: BOOT_ID, key: '0a'.repeat(32), addresses: ['127.0.0.1:9191'] };
const uid = process.getuid?.() ?? 0;

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-key-'));
  file = path.join(folder, `${BOOT_ID}.key`);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(content: unknown = CONTENT, to = file): void {
  writeFileSync(to, JSON.stringify(content), { mode: 0o600 });
}

function refusal(source = { directory: folder, uid }): string {
  const key = readKeyFile(source, BOOT_ID);
  assert.ok(!key.ok);
  return key.error;
}

describe('a key file', () => {
  test('of this user and for nobody else is read', () => {
    write();
    assert.deepEqual(readKeyFile({ directory: folder, uid }, BOOT_ID), {
      ok: true,
      value: { role: 'operate', ...CONTENT },
    });
  });

  test('that others may read or write is refused', () => {
    write();
    for (const mode of [0o640, 0o604, 0o622, 0o700, 0o400]) {
      chmodSync(file, mode);
      assert.match(refusal(), /must have mode 0600/);
    }
  });

  test('of another user is refused', () => {
    write();
    assert.match(refusal({ directory: folder, uid: uid + 1 }), /belongs to user/);
  });

  test('that is a link, a folder or a FIFO is refused and never waited for', () => {
    write(CONTENT, path.join(folder, 'real'));
    symlinkSync('real', file);
    assert.match(refusal(), /is a symbolic link/);
    rmSync(file);
    assert.equal(spawnSync('mkfifo', ['-m', '600', file]).status, 0);
    assert.match(refusal(), /is not a regular file/);
    rmSync(file);
    linkSync(path.join(folder, 'real'), file);
    assert.equal(readKeyFile({ directory: folder, uid }, BOOT_ID).ok, true);
    const here = readKeyFile({ directory: '/', keyFile: folder, uid }, BOOT_ID);
    assert.ok(!here.ok && here.error.includes('is not a regular file'));
  });

  test('that is too large, damaged or of another start is refused', () => {
    write({ ...CONTENT, addresses: ['x'.repeat(5000)] });
    assert.match(refusal(), /is larger than 4096 bytes/);
    write('nonsense');
    assert.match(refusal(), /holds no JSON object/);
    write({ ...CONTENT, boot_id: 'fedcba9876543210' });
    assert.match(refusal(), /belongs to another start of the server/);
  });

  test('that was named may hold the key to read; one that was found may not', () => {
    writeFileSync(file, `${'0b'.repeat(32)}\n`, { mode: 0o600 });
    assert.deepEqual(readKeyFile({ directory: '/', keyFile: file, uid }, BOOT_ID), {
      ok: true,
      value: { role: 'read', key: '0b'.repeat(32) },
    });
    assert.match(refusal(), /holds no JSON object|is not JSON/);
  });

  test('that is not there is told with the remedy', () => {
    assert.match(refusal(), /control is for the user who started the server, or with --key-file/);
    const given = readKeyFile({ directory: folder, keyFile: '/no/such', uid }, BOOT_ID);
    assert.deepEqual(given, { ok: false, error: 'there is no key file /no/such' });
  });
});

describe('a proof', () => {
  const hello = {
    type: 'hello' as const,
    protocol: 1,
    version: '',
    boot_id: BOOT_ID,
    nonce: 'ab'.repeat(32),
    control: null,
  };

  function proofFor(address: string, remote: string): ProofFor {
    const target = parseTarget(address);
    assert.ok(target.ok);
    return { hello, dialled: target.value.address, remote, nonce: 'cd'.repeat(32) };
  }

  const cases: readonly (readonly [string, string, string, boolean])[] = [
    // bound by the master, dialled, connected to, whether the key is used
    ['127.0.0.1:9191', ':9191', '127.0.0.1:9191', true],
    ['[::1]:9191', 'localhost:9191', '[::1]:9191', true],
    ['127.0.0.1:9191', '127.0.0.1:9192', '127.0.0.1:9192', false],
    ['127.0.0.1:9191', 'box:9191', '10.0.0.7:9191', false],
    ['10.0.0.7:9191', 'box:9191', '10.0.0.7:9191', true],
    ['0.0.0.0:9191', ':9191', '127.0.0.1:9191', true],
    ['0.0.0.0:9191', 'box:9191', '10.0.0.7:9191', false],
    ['0.0.0.0:9191', '127.0.0.1:9192', '127.0.0.1:9192', false],
    ['0.0.0.0:9191', '[::1]:9191', '[::1]:9191', false],
    ['[::]:9191', '[::1]:9191', '[::1]:9191', true],
    ['/run/s.sock', '/run/s.sock', '/run/s.sock', true],
    ['/run/s.sock', '/run/./s.sock', '/run/./s.sock', true],
    ['/run/s.sock', '/tmp/s.sock', '/tmp/s.sock', false],
    ['./s.sock', './s.sock', './s.sock', false],
    ['@name', '@name', '@name', true],
    ['@name', '@other', '@other', false],
  ];
  for (const [bound, dialled, remote, used] of cases) {
    test(`for ${bound} is ${used ? '' : 'not '}given on ${dialled} at ${remote}`, () => {
      write({ ...CONTENT, addresses: [bound] });
      const proof = prove({ directory: folder, uid }, proofFor(dialled, remote), 'operate');
      assert.equal(proof.ok, used);
      if (proof.ok) assert.equal(proof.value.address, bound);
    });
  }

  test('by the key to read is for that role, and for the address that was reached', () => {
    const keyFile = path.join(folder, 'read.key');
    writeFileSync(keyFile, '0b'.repeat(32), { mode: 0o600 });
    const source = { directory: folder, keyFile, uid };
    const to = proofFor('box:9191', '10.0.0.7:9191');
    const proof = prove(source, to, 'operate');
    assert.ok(proof.ok);
    assert.deepEqual([proof.value.role, proof.value.address], ['read', '10.0.0.7:9191']);
    const readOnly = { ...to, hello: { ...hello, control: 'read-only' as const } };
    assert.equal(prove(source, readOnly, 'operate').ok, true, 'reading is not control');
    const bare = { ...to, hello: { ...hello, control: 'needs-tls' as const } };
    assert.equal(prove(source, bare, 'read').ok, false, 'no key goes over a network in the clear');
  });

  test('is another for each nonce, and never holds the key', () => {
    write();
    const source = { directory: folder, uid };
    const to = proofFor(':9191', '127.0.0.1:9191');
    const one = prove(source, to, 'operate');
    const other = prove(source, { ...to, hello: { ...hello, nonce: 'ef'.repeat(32) } }, 'operate');
    assert.ok(one.ok && other.ok);
    assert.match(one.value.mac, /^[0-9a-f]{64}$/);
    assert.notEqual(one.value.mac, other.value.mac);
    assert.equal(JSON.stringify(one.value).includes(CONTENT.key), false);
  });
});
