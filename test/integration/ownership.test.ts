import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { becomesNobody, give, type Nobody } from '../support/nobody.js';
import { isAlive, startServer } from '../support/server.js';
import { startUpgradable } from '../support/upgrades.js';

const APP = ['--module', 'app.mjs', '--disable-logging'];
const WHOAMI = `export default (req, res) => res.end(JSON.stringify({
  uid: process.getuid(), gid: process.getgid(), groups: process.getgroups(), umask: process.umask(),
}));\n`;

/** A folder with the application, which everybody can read, and a runtime directory of nobody's. */
function makeHome(t: TestContext, nobody: Nobody): { cwd: string; runtime: string } {
  const cwd = makeFolder(t, { 'app.mjs': WHOAMI });
  chmodSync(cwd, 0o755);
  const runtime = path.join(cwd, 'runtime');
  mkdirSync(runtime, { mode: 0o700 });
  give(runtime, nobody);
  return { cwd, runtime };
}

function idsOf(pid: number): { uids: string; gids: string; groups: string } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const line = (name: string): string =>
    new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, 'm').exec(status)?.[1]?.replaceAll('\t', ' ') ?? '';
  return { uids: line('Uid'), gids: line('Gid'), groups: line('Groups') };
}

test('--uid turns master and workers into that user, and key and stats are its own', async (t) => {
  const nobody = becomesNobody(t);
  if (nobody === null) return;
  const { cwd, runtime } = makeHome(t, nobody);
  const args = [...APP, '--uid', 'nobody', '--add-gid', '4', '--umask', '027'];
  const server = startServer(t, args, { cwd, env: { XDG_RUNTIME_DIR: runtime } });
  const stats = await server.ready();
  const { uid, gid } = nobody;
  const four = (id: number): string => [id, id, id, id].join(' ');
  const worker = stats.workers[0]!.pid;
  for (const pid of [server.pid, worker]) {
    assert.deepEqual(idsOf(pid), { uids: four(uid), gids: four(gid), groups: '4' });
  }
  assert.deepEqual([stats.uid, stats.gid], [uid, gid]);
  const answer: unknown = JSON.parse((await get(await server.url())).body);
  assert.deepEqual(answer, { uid, gid, groups: [4, gid].sort((a, b) => a - b), umask: 0o027 });
  const keys = path.join(runtime, 'tsuwsgi');
  assert.equal(lstatSync(keys).uid, uid);
  assert.deepEqual(
    readdirSync(keys).map((file) => lstatSync(path.join(keys, file)).uid),
    [uid],
  );
  assert.doesNotMatch(server.output, /no control/);
  assert.doesNotMatch(server.output, /WARNING: you are running tsuwsgi as root/);
  server.kill('SIGTERM');
  assert.equal(await server.exited(), 0);
  assert.deepEqual(readdirSync(keys), []);
});

test('--master-as-root keeps the master and gives the user to its workers', async (t) => {
  const nobody = becomesNobody(t);
  if (nobody === null) return;
  const { cwd } = makeHome(t, nobody);
  const server = startServer(t, [...APP, '--uid', 'nobody', '--master-as-root'], { cwd });
  const { workers } = await server.ready();
  assert.equal(idsOf(server.pid).uids, '0 0 0 0');
  const { uid, gid } = nobody;
  assert.deepEqual(idsOf(workers[0]!.pid), {
    uids: [uid, uid, uid, uid].join(' '),
    gids: [gid, gid, gid, gid].join(' '),
    groups: '',
  });
  server.kill('SIGHUP');
  await server.until('a reload', (stats) => stats.generation === 1);
});

test('a master that gave up root can still be upgraded, on the port of root', async (t) => {
  const nobody = becomesNobody(t);
  if (nobody === null) return;
  const { cwd, runtime } = makeHome(t, nobody);
  const options = ['--uid', 'nobody', '--http-socket', '127.0.0.1:0'];
  const { server, upgrade, end } = startUpgradable(t, [...APP, ...options], {
    cwd,
    env: { XDG_RUNTIME_DIR: runtime },
  });
  await server.ready();
  const successor = await upgrade(server.pid);
  await eventually('the end of the old master', () => !isAlive(server.pid));
  const { uid } = await server.ready();
  assert.equal(uid, nobody.uid);
  assert.equal((await get(await server.url())).status, 200);
  await end(successor);
});

test('--chmod-socket and --chown-socket hold for every unix socket', async (t) => {
  const nobody = becomesNobody(t);
  if (nobody === null) return;
  const { cwd } = makeHome(t, nobody);
  const sockets = ['--http-socket', './app.sock', '--stats', './stats.sock'];
  const all = ['--http-socket', '127.0.0.1:0', ...sockets, '--chown-socket', 'nobody:4', ...APP];
  const look = (file: string): (number | string)[] => {
    const { uid, gid, mode } = statSync(path.join(cwd, file));
    return [uid, gid, (mode & 0o777).toString(8)];
  };
  for (const [option, mode] of [
    ['--chmod-socket=660', '660'],
    ['--chmod-socket', '666'],
  ] as const) {
    const server = startServer(t, [...all, option], { cwd });
    await server.ready();
    assert.deepEqual(look('app.sock'), [nobody.uid, 4, mode]);
    assert.deepEqual(look('stats.sock'), [nobody.uid, 4, mode]);
    server.kill('SIGTERM');
    await server.exited();
  }
});

test('what cannot be removed after --uid is named, and the end is in order', async (t) => {
  const nobody = becomesNobody(t);
  if (nobody === null) return;
  const { cwd, runtime } = makeHome(t, nobody);
  const files = ['--http-socket', './app.sock', '--pidfile', 'master.pid', '--vacuum'];
  const server = startServer(t, [...files, ...APP, '--uid', 'nobody'], {
    cwd,
    env: { XDG_RUNTIME_DIR: runtime },
  });
  await server.ready();
  assert.equal(readFileSync(path.join(cwd, 'master.pid'), 'utf8'), `${server.pid}\n`);
  server.kill('SIGTERM');
  assert.equal(await server.exited(), 0);
  assert.match(server.output, /^the socket .*app\.sock cannot be removed: EACCES/m);
  assert.match(server.output, /^--vacuum: .*master\.pid cannot be removed: EACCES/m);
});

test('an unknown user, or options that exclude each other, end the start before anything is bound', async (t) => {
  const server = startServer(t, [
    ...['--module', 'app.mjs', '--uid', 'no-such-cat', '--gid', 'no-such-cats'],
    ...['--chmod-socket', '9', '--master-as-root', '--add-gid', '4'],
  ]);
  assert.equal(await server.exited(), 1);
  for (const line of [
    /^--uid: there is no user "no-such-cat" in \/etc\/passwd; give a name from there, or a number$/m,
    /^--chmod-socket: "9" is no octal mode, give one such as 660$/m,
    /^--add-gid 4 cannot be used with --master-as-root: /m,
  ]) {
    assert.match(server.output, line);
  }
  assert.doesNotMatch(server.output, /bound to/);
});

test('root is warned when the application runs as root', async (t) => {
  if (process.getuid?.() !== 0) {
    t.skip('only root is warned');
    return;
  }
  const cwd = makeFolder(t, { 'app.mjs': WHOAMI });
  const server = startServer(t, APP, { cwd });
  await server.logged(
    /^\*\*\* WARNING: you are running tsuwsgi as root !!! \(use the --uid flag\) \*\*\*$/m,
  );
  await server.ready();
});

test('a pid file names the master; without --vacuum it stays', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': WHOAMI });
  const server = startServer(t, [...APP, '--pidfile', 'master.pid'], { cwd });
  await server.ready();
  const file = path.join(cwd, 'master.pid');
  assert.equal(readFileSync(file, 'utf8'), `${server.pid}\n`);
  assert.equal(statSync(file).mode & 0o777, 0o644);
  server.kill('SIGTERM');
  await server.exited();
  assert.ok(existsSync(file));
});
