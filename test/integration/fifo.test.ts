import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { StatsDocument } from '../../shared/stats.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { isAlive, startServer } from '../support/server.js';
import { startUpgradable } from '../support/upgrades.js';
import { writeFifo } from '../support/write-fifo.js';

const HELLO = "export default (_req, res) => res.end('hello');\n";
const APP = ['--module', 'app.mjs', '--disable-logging', '--master-fifo', 'fifo'];

const states = ({ workers }: StatsDocument): string => workers.map(({ state }) => state).join();

test('- and + on the FIFO take workers away and bring them back, and say when they cannot', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': HELLO });
  const server = startServer(t, [...APP, '-p', '3'], { cwd });
  await server.ready();
  const write = (letters: string) => writeFifo(path.join(cwd, 'fifo'), letters);
  await write('--');
  await server.until('one worker', (stats) => states(stats).match(/cheap/g)?.length === 2);
  // An unknown letter between known ones, and one more of them than there is to do.
  await write('-x+\n++');
  await server.until('three workers', (stats) => states(stats) === 'ready,ready,ready');
  for (const line of [
    /^no worker was taken away: 1 is the least$/m,
    /^master FIFO \S*fifo: unknown command "x" ignored$/m,
    /^no worker was added: there are 3 already, the most that --processes allows$/m,
  ]) {
    await server.logged(line);
  }
});

test('p on the FIFO pauses and resumes, s writes the statistics', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': HELLO });
  const server = startServer(t, [...APP, '-p', '2'], { cwd });
  await server.ready();
  const url = await server.url();
  const write = (letters: string) => writeFifo(path.join(cwd, 'fifo'), letters);
  assert.equal((await get(url)).body, 'hello');
  await write('p');
  await server.until('a pause', ({ workers }) => workers.every(({ status }) => status === 'pause'));
  const waiting = get(url);
  await server.until('a client that waits', ({ listen_queue }) => listen_queue === 1);
  // Paused again and resumed in one write: nothing but the last counts.
  await write('ppp');
  assert.equal((await waiting).body, 'hello');
  await server.until('both requests', ({ workers }) => {
    return workers.reduce((sum, { requests }) => sum + requests, 0) === 2;
  });
  const before = server.output.length;
  await write('s');
  await eventually('the statistics', () => {
    const said = server.output.slice(before);
    return said.includes('worker 1 (pid: ') && said.includes('worker 2 (pid: ');
  });
});

test('f on the FIFO puts a new master in place, which has a FIFO of its own there', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': HELLO });
  const { server, logged, end } = startUpgradable(t, [...APP, '-p', '1'], { cwd });
  await server.ready();
  await writeFifo(path.join(cwd, 'fifo'), 'f');
  const [, successor] = await logged(/^master (\d+) has taken over$/m);
  t.after(() => {
    if (isAlive(Number(successor))) process.kill(Number(successor), 'SIGKILL');
  });
  await eventually('the end of the old master', () => !isAlive(server.pid));
  // Only now is the FIFO the new master's: a letter to the old one would be lost with it.
  await writeFifo(path.join(cwd, 'fifo'), 'w');
  await server.until('a reload', ({ pid, generation }) => {
    return pid === Number(successor) && generation === 1;
  });
  await end(Number(successor));
});
