import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { createNotifier } from '../../server/systemd/notifier.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { isAlive, startServer } from '../support/server.js';
import { startNotifySocket, WITHOUT_MANAGER } from '../support/service-manager.js';
import { startUpgradable } from '../support/upgrades.js';

/** Answers with the names of the variables that a worker must not have. */
const APP = `export default (req, res) => res.end(JSON.stringify(
  Object.keys(process.env).filter((name) => /^(NOTIFY|LISTEN|WATCHDOG)_/.test(name))));\n`;
const ARGS = ['--module', 'app.mjs', '--disable-logging'];
const STATUS = '1 worker ready, 0 busy, 0 req/s';

describe('a service manager', { skip: WITHOUT_MANAGER }, () => {
  test('is told of the start, of a reload, of an upgrade and of the end', async (t) => {
    const cwd = makeFolder(t, { 'app.mjs': APP });
    const manager = await startNotifySocket(t, cwd);
    const env = { NOTIFY_SOCKET: manager.address, WATCHDOG_USEC: '200000' };
    const { server, upgrade, end } = startUpgradable(t, ARGS, { cwd, env });
    const first = await manager.until('READY', '1');
    assert.equal(first.get('STATUS'), STATUS);
    assert.equal(manager.messages.indexOf(first), 0, 'nothing is told before');
    assert.equal((await get(await server.url())).body, '[]', 'no worker speaks in its name');
    await manager.until('WATCHDOG', '1');

    const [before, from] = [process.hrtime.bigint() / 1000n, manager.messages.length];
    server.kill('SIGHUP');
    const reloading = await manager.until('RELOADING', '1', from);
    assert.ok(BigInt(reloading.get('MONOTONIC_USEC')!) >= before, 'later than the signal');
    await manager.until('READY', '1', manager.messages.indexOf(reloading) + 1);

    const successor = await upgrade(server.pid);
    await manager.until('MAINPID', String(successor));
    await eventually('the end of the old master', () => !isAlive(server.pid));
    await manager.until('WATCHDOG', '1', manager.messages.length);
    assert.ok(!manager.messages.some((message) => message.has('STOPPING')));
    await end(successor);
    await manager.until('STOPPING', '1');
  });

  test('on an abstract socket hears of an instance that does not get to serve', async (t) => {
    const cwd = makeFolder(t, { 'app.mjs': "throw new Error('no database');\n" });
    const manager = await startNotifySocket(t, cwd, `@tsuwsgi-test-${process.pid}`);
    const env = { NOTIFY_SOCKET: manager.address };
    const server = startServer(t, [...ARGS, '--need-app'], { cwd, env });
    assert.equal(await server.exited(), 22);
    const last = await manager.until('EXIT_STATUS', '22');
    assert.equal(last.get('STATUS'), 'did not get to serve, exit code 22: the log says why');
    assert.ok(!manager.messages.some((message) => message.has('READY')));
  });

  test('that is gone costs one line of the log, and nothing else', async (t) => {
    const cwd = makeFolder(t, { 'app.mjs': APP });
    const env = { NOTIFY_SOCKET: path.join(cwd, 'gone.sock'), WATCHDOG_USEC: '100000' };
    const server = startServer(t, ARGS, { cwd, env });
    await server.logged(/cannot be told how this instance is: systemd-notify: .*NotifyAccess=all/);
    assert.equal((await get(await server.url())).status, 200);
    server.kill('SIGTERM');
    assert.equal(await server.exited(), 0);
    assert.equal(server.output.match(/cannot be told/g)?.length, 1);
  });
});

test('without systemd-notify the log names what to install, once', async (t) => {
  const lines: string[] = [];
  const folder = makeFolder(t, {});
  const log = (line: string): void => void lines.push(line);
  const notifier = createNotifier({ socket: '/n', path: folder }, log);
  notifier.send({ READY: '1' });
  await notifier.flushed(10_000);
  notifier.send({ STOPPING: '1' });
  await notifier.flushed(10_000);
  assert.deepEqual(lines, [
    'the service manager cannot be told how this instance is: systemd-notify: it is not installed; install it (package systemd), or take NOTIFY_SOCKET out of the environment',
  ]);
});

test('what must not be lost is sent again, in its order', async (t) => {
  const folder = makeFolder(t, {
    'notify.sh': '#!/bin/sh\necho "$@" >> calls\n[ -e second ] && exit 0\n: > second\nexit 1\n',
  });
  const program = path.join(folder, 'notify.sh');
  chmodSync(program, 0o755);
  const calls = path.join(folder, 'calls');
  const own = `#!/bin/sh\ncd ${folder} && exec ./notify.sh "$@"\n`;
  const wrapped = path.join(makeFolder(t, { 'run.sh': own }), 'run.sh');
  chmodSync(wrapped, 0o755);
  const lines: string[] = [];
  const notifier = createNotifier(
    { socket: '/n', path: process.env['PATH'] },
    (line) => void lines.push(line),
    wrapped,
  );
  notifier.send({ RELOADING: '1' });
  notifier.send({ READY: '1' });
  await notifier.flushed(20_000);
  assert.deepEqual(readFileSync(calls, 'utf8').trim().split('\n'), [
    'RELOADING=1',
    'RELOADING=1',
    'READY=1',
  ]);
  assert.equal(lines.length, 2, 'the failure and its end');
});
