import assert from 'node:assert/strict';
import { existsSync, lstatSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { isAlive } from '../support/server.js';
import { startUpgradable } from '../support/upgrades.js';
import { writeFifo } from '../support/write-fifo.js';

const APP = ['--module', 'app.mjs', '--disable-logging', '-p', '2'];
const answering = (word: string): string => `export default (_req, res) => res.end('${word}');\n`;

/** An instance that was upgraded: its second master serves, the first is gone. */
async function upgraded(t: TestContext, ...args: string[]) {
  const cwd = makeFolder(t, { 'app.mjs': answering('old'), touched: '' });
  const { server, upgrade, end } = startUpgradable(t, [...APP, ...args], { cwd });
  await server.ready();
  const master = await upgrade(server.pid);
  await eventually('the end of the old master', () => !isAlive(server.pid));
  const { pid, generation } = await server.ready();
  assert.deepEqual([pid, generation], [master, 0]);
  const reloaded = (generation: number) =>
    server.until(`reload ${generation}`, (stats) => stats.generation === generation);
  return { cwd, server, end: () => end(master), reloaded };
}

test('files that are touched reload the workers of a new master', async (t) => {
  const { cwd, server, end, reloaded } = await upgraded(t, '--touch-reload', 'touched');
  for (const round of [1, 2]) {
    const later = Date.now() / 1000 + 10 * round;
    utimesSync(path.join(cwd, 'touched'), later, later);
    await reloaded(round);
  }
  assert.equal(server.output.split('touched has been touched').length, 3, 'each by one master');
  await end();
});

test('the FIFO of a new master stands at the same path, and goes with it', async (t) => {
  const { cwd, end, reloaded } = await upgraded(t, '--master-fifo', 'fifo');
  await writeFifo(path.join(cwd, 'fifo'), 'r');
  await reloaded(1);
  await writeFifo(path.join(cwd, 'fifo'), 'c');
  await reloaded(2);
  await end();
  assert.ok(!existsSync(path.join(cwd, 'fifo')), 'the FIFO is removed');
});

test('the FIFO of the old master is that of the new one, with what was written meanwhile', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': answering('old') });
  const fifo = path.join(cwd, 'fifo');
  const { server, upgrade, end } = startUpgradable(t, [...APP, '--master-fifo', 'fifo'], { cwd });
  await server.ready();
  const { ino } = lstatSync(fifo);
  const upgrading = upgrade(server.pid);
  await eventually('the old master to hand over', () => /has taken over, the/.exec(server.output));
  // As a shell does: a path without a FIFO would become a file.
  const written = writeFifo(fifo, 'r');
  const master = await upgrading;
  await written;
  await server.until('the reload', ({ pid, generation }) => pid === master && generation === 1);
  assert.equal(lstatSync(fifo).ino, ino);
  await end(master);
  assert.ok(!existsSync(fifo), 'the FIFO is removed');
});

test('a new master follows the files of the application under --auto-reload', async (t) => {
  const { cwd, server, end, reloaded } = await upgraded(t, '--auto-reload');
  writeFileSync(path.join(cwd, 'app.mjs'), answering('new'));
  await reloaded(1);
  assert.equal((await get(await server.url())).body, 'new');
  await end();
});
