import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '../support/eventually.js';
import { isEnabled } from '../support/key-bar.js';
import { openPty } from '../support/pty.js';
import { startUwsgi, WITHOUT_UWSGI } from '../support/real-uwsgi.js';
import { isAlive } from '../support/server.js';

const TOP = fileURLToPath(new URL('../../top/main.js', import.meta.url));

/** The pids of the workers in the table that have one. */
function pidsOn(screen: string): number[] {
  return [...screen.matchAll(/^[ ▶] +\d+ [○●] \w+ +(\d+) /gm)].map(([, pid]) => Number(pid));
}

/** uWSGI looks at the load and starts or stops workers itself: here hardly ever. */
const QUIET = ['--cheaper-initial', '1', '--cheaper-overload', '3600'];

test('A and D start and stop a worker of a real uWSGI with cheaper, through its master FIFO', async (t) => {
  if (WITHOUT_UWSGI !== false) {
    t.skip(WITHOUT_UWSGI);
    return;
  }
  await using uwsgi = await startUwsgi(
    (folder) => [
      ...['--stats', path.join(folder, 'stats.sock'), '--cheaper', '1', ...QUIET],
      ...['--master-fifo', path.join(folder, 'master.fifo')],
    ],
    { workers: 3, first: 1 },
  );
  const [stats, fifo] = ['stats.sock', 'master.fifo'].map((name) => path.join(uwsgi.folder, name));
  const args = [TOP, stats ?? '', '--fifo', fifo ?? '', '-d', '0.2', '--view', 'workers'];
  const top = await openPty(t, { args, width: 120, height: 40 });
  if (!top) return;
  await top.until((screen) => pidsOn(screen).length === 1, 'one worker');
  await top.until(() => isEnabled(top, '^R'), 'the right to control');
  const [first = 0] = pidsOn(top.screen());
  top.press('D');
  await top.until((screen) => screen.includes('one worker stays'), 'the refusal of none at all');

  top.press('A');
  await top.until(
    (screen) =>
      screen.includes('1 of 3 workers serve now') && /\[ Cancel \] +Run 2 workers/.test(screen),
    'the question',
  );
  top.press('enter');
  await top.until((screen) => !screen.includes('[ Cancel ]'), 'nothing done by Enter alone');
  assert.deepEqual(pidsOn(top.screen()), [first]);
  top.press('A');
  await top.until((screen) => screen.includes('[ Cancel ]'), 'the question again');
  top.press('tab', 'enter');
  await top.until(
    (screen) => screen.includes('change to 2 workers: 2 workers run'),
    'the outcome of A',
  );
  await top.until((screen) => pidsOn(screen).length === 2, 'a second worker');
  const both = pidsOn(top.screen());
  assert.ok(both.includes(first) && both.every(isAlive));

  top.press('D');
  await top.until((screen) => screen.includes('2 of 3 workers serve now'), 'the question of D');
  top.press('tab', 'enter');
  await top.until(
    (screen) => screen.includes('change to 1 worker: 1 worker runs'),
    'the outcome of D',
  );
  await top.until((screen) => pidsOn(screen).length === 1, 'one worker again');
  const left = pidsOn(top.screen());
  await eventually('the end of the other process', () =>
    both.every((pid) => isAlive(pid) === left.includes(pid)),
  );
  top.press('q');
  assert.deepEqual(await top.exited, { exitCode: 0, signal: 0 });
});
