import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { becomesNobody, give } from '../support/nobody.js';
import { descendants, isAlive, startServer } from '../support/server.js';

const HELLO = "export default (_req, res) => res.end('hello');\n";
const APP = ['--module', 'app.mjs', '--disable-logging'];

/** Whether a command works here; the test is skipped with the reason where it does not. */
function works(t: TestContext, ...[command = '', ...args]: string[]): boolean {
  const tried = spawnSync(command, args, { encoding: 'utf8' });
  if (tried.status === 0) return true;
  t.skip(`${command} is not permitted here: ${tried.stderr || String(tried.error)}`);
  return false;
}

test('as process 1 of a container the master obeys signals, and warns of the dead of others', async (t) => {
  const launcher = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
  if (!works(t, ...launcher, 'true')) return;
  const cwd = makeFolder(t, {
    'app.mjs': `import { spawn } from 'node:child_process';
      export default (_req, res) => {
        spawn('sh', ['-c', 'sleep 0.1 &']).on('close', () => res.end('left'));
      };\n`,
  });
  const server = startServer(t, [...APP, '-p', '2'], { cwd, launcher });
  const { pid, workers } = await server.ready();
  assert.equal(pid, 1);
  const [master = 0] = descendants(server.pid);

  process.kill(master, 'SIGUSR2');
  await server.logged(/\*\*\* upgrade abandoned, this master stays: this master is process 1/);
  process.kill(master, 'SIGHUP');
  const after = await server.until('a reload', ({ generation }) => generation === 1);
  assert.notEqual(after.workers[0]!.pid, workers[0]!.pid);
  await eventually('the old workers to be reaped', () => descendants(master).length === 2);

  assert.equal((await get(await server.url())).body, 'left');
  await server.logged(/^process \d+ \(sleep\) is dead and nobody reaps it.*docker run --init/m);
  process.kill(master, 'SIGTERM');
  assert.equal(await server.exited(), 0);
});

test('a user that may have no more processes is told so, and served when it may', async (t) => {
  const nobody = becomesNobody(t);
  if (nobody === null) return;
  const cwd = makeFolder(t, { 'app.mjs': HELLO });
  chmodSync(cwd, 0o755);
  const runtime = path.join(cwd, 'runtime');
  mkdirSync(runtime, { mode: 0o700 });
  give(runtime, nobody);
  // A number that nobody else uses here, so that the limit counts only this master's threads.
  const uid = '64123';
  const launcher = ['setpriv', '--reuid', uid, '--regid', String(nobody.gid), '--clear-groups'];
  if (!works(t, ...launcher, 'prlimit', '--nproc=100', 'true')) return;
  const server = startServer(t, [...APP, '--stats-read-only'], { cwd, launcher });
  await server.ready();
  const [worker = 0] = descendants(server.pid);
  const threads = /^Threads:\t(\d+)$/m.exec(
    readFileSync(`/proc/${server.pid}/status`, 'utf8'),
  )![1]!;
  assert.equal(spawnSync('prlimit', [`--pid=${server.pid}`, `--nproc=${threads}`]).status, 0);
  process.kill(worker, 'SIGKILL');
  await server.logged(/^cannot spawn worker 1: EAGAIN: this user may have no more processes/m);
  assert.ok(isAlive(server.pid));
  assert.equal(spawnSync('prlimit', [`--pid=${server.pid}`, '--nproc=unlimited']).status, 0);
  await server.ready();
  assert.equal((await get(await server.url())).body, 'hello');
});
