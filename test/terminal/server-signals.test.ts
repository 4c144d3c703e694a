import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { StatsDocument } from '../../shared/stats.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { openPty } from '../support/pty.js';
import { APPS, isAlive, readAll } from '../support/server.js';

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url));

/** tsuwsgi as the foreground program of a terminal, with its log in a file. */
async function startInTerminal(t: TestContext) {
  const folder = makeFolder(t, { log: '' });
  const file = path.join(folder, 'log');
  const options = ['--http-socket', '127.0.0.1:0', '--stats', '127.0.0.1:0', '-p', '2'];
  const app = ['--module', path.join(APPS, 'farewell.mjs')];
  const pty = await openPty(t, {
    file: 'sh',
    args: ['-c', 'exec "$0" "$@" >"$LOG" 2>&1', process.execPath, MAIN, ...options, ...app],
    env: { LOG: file, XDG_RUNTIME_DIR: folder },
  });
  if (pty === undefined) return undefined;
  const log = (): string => readFileSync(file, 'utf8');
  const [, port] = await eventually('the stats server', () =>
    /Stats server enabled on [^\n]*:(\d+) \*\*\*/.exec(log()),
  );
  const until = (what: string, condition: (stats: StatsDocument) => boolean) =>
    eventually(what, async () => {
      const stats = JSON.parse(await readAll(Number(port))) as StatsDocument;
      return condition(stats) ? stats : undefined;
    });
  const { workers } = await until('both workers', (stats) =>
    stats.workers.every(({ accepting }) => accepting === 1),
  );
  return { pty, log, until, pids: workers.map(({ pid }) => pid) };
}

/** What a worker, or its master on its behalf, says of a signal that it got. */
const HEARD_BY_A_WORKER = /was sent SIG|killed by signal|app \d+: hears SIG(?!TERM)/;

describe('what a terminal sends to the processes in its foreground', () => {
  for (const key of ['ctrl-c', 'ctrl-\\']) {
    test(`${key} is acted on by the master only, which ends the workers`, async (t) => {
      const server = await startInTerminal(t);
      if (server === undefined) return;
      server.pty.press(key);
      assert.equal((await server.pty.exited).exitCode, 0, server.log());
      assert.match(server.log(), /goodbye to tsuwsgi\.\n$/);
      assert.doesNotMatch(server.log(), HEARD_BY_A_WORKER);
      assert.ok(server.pids.every((pid) => !isAlive(pid)));
    });
  }

  test('ctrl-z pauses the master, ctrl-z again resumes it, and no worker is stopped', async (t) => {
    const server = await startInTerminal(t);
    if (server === undefined) return;
    const statuses = ({ workers }: StatsDocument): string =>
      [...new Set(workers.map(({ status, accepting }) => `${status} ${accepting}`))].join();
    server.pty.press('ctrl-z');
    await server.until('a pause', (stats) => statuses(stats) === 'pause 0');
    assert.deepEqual(
      server.pids.map(stateOf).filter((state) => state === 'T'),
      [],
      'a stopped process is in state T',
    );
    server.pty.press('ctrl-z');
    const { workers } = await server.until('its end', (stats) => statuses(stats) === 'idle 1');
    assert.deepEqual(
      workers.map(({ pid }) => pid),
      server.pids,
    );
    server.pty.press('ctrl-c');
    assert.equal((await server.pty.exited).exitCode, 0, server.log());
    assert.doesNotMatch(server.log(), HEARD_BY_A_WORKER);
  });

  test('the end of the terminal is a hang-up for the master, which replaces the workers', async (t) => {
    const server = await startInTerminal(t);
    if (server === undefined) return;
    server.pty.hangUp();
    // The kernel may tell it twice: as the leader of the session, and as one of the foreground.
    const { workers } = await server.until('a reload', (stats) => stats.generation > 0);
    assert.ok(workers.every(({ pid }) => !server.pids.includes(pid)));
    process.kill(server.pty.pid, 'SIGINT');
    await server.pty.exited;
    assert.equal(server.log().split('gracefully replacing all workers').length, 2, 'one reload');
    assert.doesNotMatch(server.log(), HEARD_BY_A_WORKER);
  });
});

/** The state of a process as the kernel has it, field 3 of /proc/PID/stat. */
function stateOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.charAt(stat.lastIndexOf(')') + 2);
}
