import assert from 'node:assert/strict';
import { copyFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { APPS, isAlive } from '../support/server.js';
import { startSteadyLoad } from '../support/steady-load.js';
import { startUpgradable } from '../support/upgrades.js';

/** How often each thing is done: the proof is five times, which takes minutes. */
const ROUNDS = process.env['TEST_LONG'] === '1' ? 5 : 1;
const CLIENTS = 8;

/** Four workers that take 300 ms to load and 5 ms to answer, and a load on them. */
async function underLoad(t: TestContext, ...args: string[]) {
  const folder = makeFolder(t, { chain: '' });
  const app = path.join(folder, 'app.mjs');
  copyFileSync(path.join(APPS, 'boots-slowly.mjs'), app);
  const options = ['--module', app, '-p', '4', '--disable-logging', ...args];
  const { server, upgrade, end } = startUpgradable(t, options, { cwd: folder });
  await server.ready();
  const load = startSteadyLoad(await server.url(), CLIENTS);
  await eventually('answers', () => load.answered() > 50);
  const finish = async (): Promise<void> => {
    const before = load.answered();
    await eventually('answers to the end', () => load.answered() > before + 50);
    await load.stop();
    t.diagnostic(
      `${load.answered()} answers, ${load.failures.length} failures or resets, ` +
        `the slowest after ${load.worstMs().toFixed(0)} ms`,
    );
    assert.deepEqual(load.failures, []);
    await server.until('exact counts', ({ workers }) => {
      const counted = workers.reduce((sum, { requests }) => sum + requests, 0);
      const lost = workers.reduce((sum, each) => sum + each.lost, 0);
      return counted === load.answered() && lost === 0;
    });
  };
  return { server, upgrade, end, folder, app, load, finish };
}

test('graceful reloads lose no request and reset no connection', async (t) => {
  const { server, finish } = await underLoad(t);
  for (let round = 1; round <= ROUNDS; round++) {
    server.kill('SIGHUP');
    await server.until(`reload ${round}`, (stats) => stats.generation === round);
  }
  await finish();
});

test('chain reloads lose no request and reset no connection', async (t) => {
  const { server, folder, finish } = await underLoad(t, '--touch-chain-reload', 'chain');
  for (let round = 1; round <= ROUNDS; round++) {
    const later = Date.now() / 1000 + round;
    utimesSync(path.join(folder, 'chain'), later, later);
    await server.until(`chain reload ${round}`, (stats) => stats.generation === round);
  }
  assert.match(server.output, /chain reloading complete/);
  await finish();
});

test('workers that are recycled for their requests lose none', async (t) => {
  const { server, finish } = await underLoad(t, '--max-requests', '300');
  const recycled = (): number => [...server.output.matchAll(/^Respawned tsuwsgi worker/gm)].length;
  await eventually(`${ROUNDS} recycled workers`, () => recycled() >= ROUNDS);
  await finish();
});

test('a master upgrade loses no request and resets no connection', async (t) => {
  const { server, upgrade, end, load, finish } = await underLoad(t);
  const before = await server.stats();
  const successor = await upgrade(server.pid);
  const answered = load.answered();
  await eventually('the end of the old master', () => !isAlive(server.pid));
  await eventually('answers of the new one', () => load.answered() > answered + 50);
  await finish();
  const after = await server.stats();
  assert.equal(after.pid, successor);
  assert.notEqual(after.boot_id, before.boot_id);
  await end(successor);
});

test('a reload to code that does not load loses no request, and the old code answers on', async (t) => {
  const { server, app, finish } = await underLoad(t);
  server.kill('SIGHUP');
  await server.until('a good reload', (stats) => stats.generation === 1);
  writeFileSync(app, 'throw new Error("the new code is broken");\n');
  server.kill('SIGHUP');
  const { workers } = await server.until('its abandonment', (stats) => {
    return stats.reload.state === 'abandoned';
  });
  await finish();
  const { workers: still } = await server.stats();
  assert.deepEqual(
    still.map(({ pid, generation }) => [pid, generation]),
    workers.map(({ pid, generation }) => [pid, generation]),
    'the old workers answer on',
  );
});
