import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { get } from '../support/http.js';
import { isEnabled } from '../support/key-bar.js';
import { openPty, type Pty } from '../support/pty.js';
import { CATSERVE, startServer, type TestServer } from '../support/server.js';

/** A reload that begins with one worker, on a real server: who is replaced is told by the pids. */

const TOP = fileURLToPath(new URL('../../top/main.js', import.meta.url));

interface Scene {
  readonly server: TestServer;
  readonly top: Pty;
  /** The pids of workers 1 to 3 before. */
  readonly old: readonly number[];
}

/** The dashboard of a server with three workers, the first of which has just been replaced. */
async function firstReplaced(t: TestContext): Promise<Scene | undefined> {
  const server = startServer(t, ['--module', CATSERVE, '-L', '-p', '3']);
  await server.ready();
  const old = await pidsOf(server);
  const top = await openPty(t, {
    args: [TOP, `127.0.0.1:${await server.statsPort()}`, '-d', '0.2'],
    ...{ width: 120, height: 40 },
    env: { XDG_RUNTIME_DIR: server.directory },
  });
  if (!top) return undefined;
  await top.until((screen) => screen.includes('● live'), 'the live mark');
  await top.until(() => isEnabled(top, '^R'), 'the right to control');
  top.press('ctrl-r');
  await top.until((screen) => screen.includes('Reload all workers: how?'), 'the menu');
  top.press('end', 'enter');
  await top.until((screen) => screen.includes('Reload worker 1'), 'the question before the first');
  assert.deepEqual(await pidsOf(server), old, 'nothing is done before it is answered');
  top.press('tab', 'enter');
  await top.until((screen) => screen.includes('Canary: one worker is new'), 'the look at it');
  return { server, top, old };
}

async function pidsOf(server: TestServer): Promise<number[]> {
  return (await server.stats()).workers.map(({ pid }) => pid);
}

test('a canary reload replaces one worker and asks; "stop" leaves the others as they are', async (t) => {
  const scene = await firstReplaced(t);
  if (!scene) return;
  const { server, top, old } = scene;
  const [first = 0, ...others] = await pidsOf(server);
  assert.notEqual(first, old[0]);
  assert.deepEqual(others, old.slice(1));
  await top.until(
    (screen) =>
      screen.includes(`worker 1 runs as pid ${first} for`) &&
      screen.includes('2 old workers to replace') &&
      /\[ Stop \] +Go on with 2/.test(screen),
    'the new process in the dialog, and the two buttons',
  );
  top.press('enter');
  await top.until(
    (screen) => screen.includes('canary reload stopped, 2 old ones stay'),
    'that it stopped',
  );
  assert.doesNotMatch(top.screen(), /Canary: one worker/);
  // The server still answers, and what a reload would have replaced by now is what it was.
  await get(await server.url('/health'));
  const stats = await server.until('the request', ({ workers }) =>
    workers.some(({ requests }) => requests > 0),
  );
  assert.deepEqual(
    stats.workers.map(({ pid }) => pid),
    [first, ...others],
  );
  assert.deepEqual(
    stats.workers.map((worker) => worker.respawn_count),
    [2, 1, 1],
  );
});

test('"go on" replaces all others, one after the other, and says so', async (t) => {
  const scene = await firstReplaced(t);
  if (!scene) return;
  const { server, top, old } = scene;
  const [first = 0] = await pidsOf(server);
  top.press('tab');
  await top.until((screen) => screen.includes('[ Go on with 2 ]'), 'the other button');
  top.press('enter');
  await top.until(
    (screen) => screen.includes('canary reload done: 3 of 3 replaced'),
    'that all are replaced',
  );
  const now = await pidsOf(server);
  assert.equal(now[0], first, 'the first one is not replaced again');
  assert.deepEqual(
    now.filter((pid) => old.includes(pid)),
    [],
  );
  assert.equal(new Set(now).size, 3);
  const { workers } = await server.stats();
  assert.deepEqual(
    workers.map((worker) => worker.respawn_count),
    [2, 2, 2],
  );
});
