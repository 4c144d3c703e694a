import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startStatsServer } from '../../server/stats/stats-server.js';
import { smallDocument } from '../support/small-document.js';
import { BOOT_ID, converse, startRig, temporaryFolder } from '../support/stats-rig.js';

const hasV6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

async function refusal(t: TestContext, ...addresses: string[]): Promise<string> {
  const log: string[] = [];
  const started = await startStatsServer({
    addresses,
    waitMs: 50,
    http: false,
    readOnly: true,
    allowHosts: [],
    bootId: BOOT_ID,
    version: '1',
    document: () => smallDocument(0),
    isStopping: () => false,
    execute: () => assert.fail('nothing asks for a command'),
    runtimeDirectory: join(temporaryFolder(t), 'keys'),
    log: (line) => log.push(line),
  });
  if (started.ok) await started.value.close();
  return started.ok ? '' : started.error;
}

async function occupy(t: TestContext, where: string | number): Promise<Server> {
  const server = createServer();
  t.after(() => server.close());
  await new Promise<void>((resolve) => {
    if (typeof where === 'string') server.listen(where, resolve);
    else server.listen(where, '127.0.0.1', resolve);
  });
  return server;
}

test(':0 binds 127.0.0.1 and ::1 with the same port', { skip: !hasV6 }, async (t) => {
  const { server, port } = await startRig(t, { addresses: [':0'] });
  assert.deepEqual(server.addresses, [`127.0.0.1:${port}`, `[::1]:${port}`]);
  for (const host of ['127.0.0.1', '::1']) {
    assert.deepEqual(JSON.parse(await converse(t, { host, port })), smallDocument(2));
  }
});

test('localhost:0 is loopback only, on both protocols', async (t) => {
  const { server } = await startRig(t, { addresses: ['localhost:0'] });
  assert.match(server.addresses[0] ?? '', /^127\.0\.0\.1:\d+$/);
  assert.equal(server.addresses.length, hasV6 ? 2 : 1);
});

test('a wildcard that is written out is bound', async (t) => {
  const { server, port } = await startRig(t, { addresses: ['0.0.0.0:0'] });
  assert.deepEqual(server.addresses, [`0.0.0.0:${port}`]);
  assert.ok(await converse(t, { port }));
});

test('several addresses serve the same document, and all are gone after close', async (t) => {
  const name = `tsuwsgi-test-${process.pid}`;
  const rig = await startRig(t, (folder) => ({
    addresses: ['127.0.0.1:0', join(folder, 'stats.sock'), `@${name}`],
  }));
  const path = join(rig.folder, 'stats.sock');
  assert.deepEqual(rig.server.addresses, [rig.address, path, `@${name}`]);
  for (const where of [{ port: rig.port }, { path }, { path: `\0${name}` }]) {
    assert.deepEqual(JSON.parse(await converse(t, where)), smallDocument(2));
  }
  await rig.server.close();
  assert.ok(!existsSync(path));
  for (const where of [{ port: rig.port }, { path }, { path: `\0${name}` }]) {
    await assert.rejects(converse(t, where), /ECONNREFUSED|ENOENT/);
  }
});

test('HTTP is spoken on a unix socket too', async (t) => {
  const rig = await startRig(t, (folder) => ({ addresses: [join(folder, 's.sock')] }));
  const words = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  assert.match(await converse(t, { path: rig.address }, words), /^HTTP\/1\.1 200 /);
});

test('a socket file that a dead server left is replaced', async (t) => {
  const path = join(temporaryFolder(t), 's.sock');
  const dead = createServer();
  await new Promise<void>((resolve) => dead.listen(path, resolve));
  renameSync(path, `${path}.kept`);
  await new Promise((resolve) => dead.close(resolve));
  renameSync(`${path}.kept`, path);
  assert.ok(lstatSync(path).isSocket());
  await startRig(t, { addresses: [path] });
  assert.deepEqual(JSON.parse(await converse(t, { path })), smallDocument(2));
});

test('a socket file that another program listens on is left alone', async (t) => {
  const path = join(temporaryFolder(t), 's.sock');
  await occupy(t, path);
  assert.match(await refusal(t, path), /s\.sock: another program listens there/);
  assert.ok(lstatSync(path).isSocket());
});

test('a file that is no socket is left alone', async (t) => {
  const path = join(temporaryFolder(t), 'notes.sock');
  writeFileSync(path, 'my notes');
  assert.match(await refusal(t, path), /notes\.sock: a file that is no socket is there/);
  assert.equal(readFileSync(path, 'utf8'), 'my notes');
});

test('a socket file that another put in our place survives our end', async (t) => {
  const rig = await startRig(t, (folder) => ({ addresses: [join(folder, 's.sock')] }));
  rmSync(rig.address);
  await occupy(t, rig.address);
  await rig.server.close();
  assert.ok(lstatSync(rig.address).isSocket());
  assert.ok(!existsSync(`${rig.address}.${process.pid}.kept`));
});

test('a missing folder is named', async (t) => {
  assert.match(await refusal(t, '/nonexistent/s.sock'), /the folder \/nonexistent is missing/);
});

test('a port in use is named, and nothing stays bound', async (t) => {
  const taken = ((await occupy(t, 0)).address() as AddressInfo).port;
  const path = join(temporaryFolder(t), 's.sock');
  const message = await refusal(t, path, `127.0.0.1:${taken}`);
  assert.match(message, new RegExp(`--stats 127\\.0\\.0\\.1:${taken}: the address is in use`));
  assert.ok(!existsSync(path));
});

test('an address of another machine is refused with the remedy', async (t) => {
  assert.match(
    await refusal(t, '192.0.2.1:9191'),
    /no interface of this machine has that address; .*:PORT alone/,
  );
});

test('what is no address is refused before anything is bound', async (t) => {
  assert.match(await refusal(t, '127.0.0.1:0', 'nonsense'), /^--stats: "nonsense" is neither/);
});

test('a folder that others can enter costs control only, and the log says so', async (t) => {
  const open = join(temporaryFolder(t), 'open');
  mkdirSync(open);
  chmodSync(open, 0o755);
  const rig = await startRig(t, { runtimeDirectory: open });
  assert.match(rig.log.join('\n'), /no control, because .*\/open is open to other users/);
  assert.ok(await converse(t, { port: rig.port }));
});

test('the kernel holds as many connections for a busy loop as it will', async (t) => {
  if (spawnSync('ss', ['-V']).error) {
    t.skip('needs ss (package iproute2)');
    return;
  }
  const rig = await startRig(t);
  const line = execFileSync('ss', ['-Hltn', `sport = :${rig.port}`], { encoding: 'utf8' });
  const most = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
  assert.equal(Number(line.split(/ +/)[2]), Math.min(4096, most));
});
