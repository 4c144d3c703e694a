import assert from 'node:assert/strict';
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { endsWithTest, pidIn, runCommand } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { isAlive } from '../support/server.js';

const APP = 'export default (req, res) => res.end();\n';
const COMMON = ['--http-socket', '127.0.0.1:0', '--pidfile', 'm.pid', '--vacuum'];

/** Session and terminal of a process, and its parent. */
function standing(pid: number): { parent: number; session: number; terminal: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { parent: fields[1]!, session: fields[3]!, terminal: fields[4]! };
}

test('the command ends when the instance serves, which has no terminal and can get none', async (t) => {
  const folder = makeFolder(t, { 'app.mjs': APP, 'a.log': 'yesterday\n' });
  endsWithTest(t, folder);
  const words = ['--module', 'app.mjs', '-p', '2', '-d', 'a.log', ...COMMON];
  const { code, stderr } = await runCommand(words, folder);
  assert.equal(code, 0, stderr);
  const pid = pidIn(folder);
  assert.match(
    stderr,
    new RegExp(`^tsuwsgi serves in the background \\(pid: ${pid}\\), its log is`),
  );
  const log = path.join(folder, 'a.log');
  assert.match(readFileSync(log, 'utf8'), /^yesterday\n\*\*\* Starting tsuwsgi /);
  const { parent, session, terminal } = standing(pid);
  assert.notEqual(parent, process.pid);
  assert.notEqual(session, pid, 'a leader of a session could open a terminal');
  assert.notEqual(session, standing(process.pid).session);
  assert.equal(terminal, 0);
  const at = (fd: number): string => readlinkSync(`/proc/${pid}/fd/${fd}`);
  assert.deepEqual([at(0), at(1), at(2)], ['/dev/null', log, log]);
  assert.doesNotMatch(readFileSync(`/proc/${pid}/environ`, 'utf8'), /TSUWSGI_UPGRADE/);
  // The next master stays in the background and goes on with the log.
  process.kill(pid, 'SIGUSR2');
  const next = await eventually('the next master', () => {
    const found = pidIn(folder);
    return found !== pid && found !== 0 && !isAlive(pid) && found;
  });
  assert.equal(readlinkSync(`/proc/${next}/fd/2`), log);
  assert.equal(standing(next).terminal, 0);
});

test('an application that does not load is told with its code and the end of the log', async (t) => {
  const folder = makeFolder(t, {
    'app.mjs': "throw new Error('no cats today');\n",
    'a.log': 'yesterday\n',
  });
  endsWithTest(t, folder);
  const words = ['--module', 'app.mjs', '--daemonize2', 'a.log', ...COMMON];
  const { code, stderr } = await runCommand(words, folder);
  assert.equal(code, 22);
  assert.match(stderr, /^tsuwsgi did not start: its worker 1 .* could not serve .*no cats today/);
  assert.match(stderr, /^ {2}need-app requested, destroying the instance\.\.\.$/m);
  assert.doesNotMatch(stderr, /yesterday/);
  assert.equal(pidIn(folder), 0);
});

test('what ends the start before anything runs is told, and so is a log that cannot be opened', async (t) => {
  const folder = makeFolder(t, { 'app.mjs': APP });
  endsWithTest(t, folder);
  const words = ['--module', 'app.mjs', '-d', 'a.log', ...COMMON];
  const refused = await runCommand([...words, '--uid', 'no-such-cat'], folder);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^ {2}--uid: there is no user "no-such-cat"/m);
  assert.equal(statSync(path.join(folder, 'a.log')).mode & 0o037, 0);
  const nowhere = await runCommand([...words, '-d', 'no/such/folder.log'], folder);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /^--daemonize: the log .*folder\.log cannot be opened: ENOENT/);
});
