import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { proveMaster } from '../../../../top/client/steering/prove-master.js';
import { makeFolder } from '../../../support/folder.js';

const TABLE =
  '   0: 0100007F:23E7 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0 0 777 1';
const PEER = { kind: 'tcp', host: '127.0.0.1', port: 9191 } as const;

interface Process {
  readonly parent: number;
  readonly inodes?: readonly number[];
}

/** A /proc with a listener of inode 777 and these processes. */
function fakeProc(t: TestContext, processes: Readonly<Record<number, Process>>): string {
  const proc = makeFolder(t, {});
  mkdirSync(path.join(proc, 'net'));
  writeFileSync(path.join(proc, 'net/tcp'), TABLE);
  for (const [pid, { parent, inodes = [] }] of Object.entries(processes)) {
    mkdirSync(path.join(proc, pid, 'fd'), { recursive: true });
    const rest = Array.from({ length: 17 }, () => '0').join(' ');
    writeFileSync(path.join(proc, pid, 'stat'), `${pid} (a ) b) S ${parent} ${rest} 4242 0`);
    inodes.forEach((inode, fd) => {
      symlinkSync(`socket:[${inode}]`, path.join(proc, pid, 'fd', String(fd)));
    });
  }
  return proc;
}

async function reason(...args: Parameters<typeof proveMaster>): Promise<string> {
  const proven = await proveMaster(...args);
  assert.ok(!proven.ok);
  return proven.error;
}

test('the master that holds the socket and started the workers is proven', async (t) => {
  const proc = fakeProc(t, { 50: { parent: 1, inodes: [5, 777] }, 51: { parent: 50 } });
  assert.deepEqual(await proveMaster(PEER, { master: 50, workers: [51] }, proc), {
    ok: true,
    value: { pid: 50, started: '4242' },
  });
});

test('a process that does not hold the socket is not the master', async (t) => {
  const proc = fakeProc(t, { 50: { parent: 1, inodes: [778] }, 51: { parent: 50 } });
  assert.match(
    await reason(PEER, { master: 50, workers: [51] }, proc),
    /^process 50 does not hold the socket that answers: use its master-fifo with --fifo PATH$/,
  );
});

test('one of several sockets at the place in other hands is enough to refuse', async (t) => {
  const proc = fakeProc(t, { 50: { parent: 1, inodes: [777] }, 51: { parent: 50 } });
  writeFileSync(path.join(proc, 'net/tcp'), `${TABLE}\n${TABLE.replace('777', '778')}`);
  assert.match(await reason(PEER, { master: 50, workers: [51] }, proc), /does not hold/);
});

test('a process that forwards the socket has not started the workers', async (t) => {
  const proc = fakeProc(t, { 50: { parent: 1, inodes: [777] }, 51: { parent: 1 } });
  for (const workers of [[51], [52], []]) {
    assert.match(
      await reason(PEER, { master: 50, workers }, proc),
      /none of the workers was started by process 50/,
    );
  }
});

test('a document from elsewhere proves nothing, whatever runs here', async (t) => {
  const proc = fakeProc(t, { 50: { parent: 1, inodes: [777] }, 51: { parent: 50 } });
  const claim = { master: 50, workers: [51] };
  const there = { kind: 'tcp', host: '192.0.2.1', port: 9191 } as const;
  assert.match(await reason(there, claim, proc), /signals reach this machine only/);
  assert.match(await reason(null, claim, proc), /signals reach this machine only/);
});

test('no pid that a server can invent is looked up', async (t) => {
  const proc = fakeProc(t, { 50: { parent: 1, inodes: [777] } });
  for (const master of [0, 1, -50, 0.5, Number.NaN, Infinity, 51]) {
    assert.match(await reason(PEER, { master, workers: [] }, proc), /no process .* here/);
  }
});
