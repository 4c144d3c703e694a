import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { StatsDocument } from '../../shared/stats.js';
import { watchProcesses } from '../../server/master/process-stats.js';
import { parseRollup } from '../../server/master/unshared-memory.js';
import { eventually } from '../support/eventually.js';
import { get } from '../support/http.js';
import { CATSERVE, startServer } from '../support/server.js';
import { startSteadyLoad } from '../support/steady-load.js';

/** A figure may be a page off: /proc is read at two moments. */
const PAGE = 4096;

interface Figures {
  readonly rss: number;
  readonly uss: number | null;
  readonly pss: number | null;
  readonly shared: number | null;
  readonly swap: number | null;
}

/** What /proc says of a process now, read in another way than the server does. */
function proc(pid: number): Record<keyof Figures, number> {
  const rollup = parseRollup(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  assert.ok(rollup !== null);
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return { rss: pages * PAGE, ...rollup };
}

/** The names of the figures that do not lie between two readings of /proc, a page more or less. */
function wrongFigures(
  figures: Figures,
  before: Record<keyof Figures, number>,
  after: Record<keyof Figures, number>,
): string[] {
  return (['rss', 'uss', 'pss', 'shared', 'swap'] as const)
    .filter((name) => {
      const value = figures[name];
      const bounds = [before[name], after[name]];
      return (
        value === null || value < Math.min(...bounds) - PAGE || value > Math.max(...bounds) + PAGE
      );
    })
    .map((name) => `${name}: ${before[name]} ≤ ${figures[name] ?? 'null'} ≤ ${after[name]}`);
}

/** The pool is the sum of what its processes take of shared memory, in the same document. */
function assertPool({ memory, master, workers }: StatsDocument): void {
  const parts = [master, ...workers].map(({ pss }) => pss ?? NaN);
  assert.equal(
    memory.pool_pss,
    parts.reduce((sum, part) => sum + part, 0),
  );
}

test('memory is what /proc says at the same moment, of a worker under load too', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '-p', '2']);
  const { workers } = await server.ready();
  const load = startSteadyLoad(await server.url(), 2);
  const pids = [server.pid, ...workers.map(({ pid }) => pid)];
  const watch = watchProcesses();
  for (const pid of pids) {
    // A collection between two readings may move memory there and back again: then once more.
    await eventually(`the figures of ${pid} to be those of /proc`, async () => {
      const before = proc(pid);
      await watch.measure(pids);
      await watch.measureOwnMemory([pid]);
      const figures = watch.get(pid);
      const after = proc(pid);
      assert.ok(figures);
      assert.deepEqual(wrongFigures(figures, before, after), []);
      return true;
    });
  }
  const first = await server.until('all to be measured', ({ memory }) => memory.pool_pss !== null);
  assertPool(first);
  const later = await server.until(
    'the pool to change under load',
    ({ memory }) => memory.pool_pss !== null && memory.pool_pss !== first.memory.pool_pss,
  );
  assertPool(later);
  await load.stop();
  assert.deepEqual(load.failures, []);
});

test('a worker that is blocked is measured from outside, and its inside grows old', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '-p', '2']);
  await server.ready();
  await server.until(
    'all to be measured once, from inside and outside',
    ({ memory, workers }) => memory.pool_pss !== null && workers.every(({ gc }) => gc !== null),
  );
  const blocked = get(await server.url('/block?s=60')).catch(() => undefined);
  const found = await server.until('figures of a blocked worker', ({ workers }) =>
    workers.some(({ stalled_ms: stalled, inside_age_ms: age }) => stalled > 2000 && age! > 2000),
  );
  assertPool(found);
  const stuck = found.workers.find(({ stalled_ms: stalled }) => stalled > 2000);
  assert.ok(stuck?.external && stuck.array_buffers !== null && stuck.heap_spaces.length > 0);

  // Its memory moves little: sooner or later a document has what /proc says.
  await eventually('a document to say what /proc says of the blocked worker', async () => {
    const before = proc(stuck.pid);
    const worker = (await server.stats()).workers.find(({ pid }) => pid === stuck.pid);
    assert.ok(worker && worker.stalled_ms > 0);
    assert.deepEqual(wrongFigures(worker, before, proc(stuck.pid)), []);
    assert.equal(worker.external, stuck.external, 'what it last said of its inside stays');
    assert.ok(worker.inside_age_ms! > stuck.inside_age_ms!, 'and grows old');
    return true;
  });
  process.kill(stuck.pid, 'SIGKILL');
  await blocked;
});

test('the pool takes what its processes take, shared memory counted once', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '-p', '3']);
  await server.ready();
  const document = await server.until(
    'all to be measured',
    (stats) => stats.memory.pool_pss !== null,
  );
  assertPool(document);
  const { master, workers } = document;
  for (const { rss, uss, pss, shared } of [master, ...workers]) {
    assert.ok(uss! > 0 && uss! <= pss! && pss! <= uss! + shared! && shared! < 2 * rss);
  }
});

test('a worker tells of its inside at rest, and of its garbage collections under load', async (t) => {
  const server = startServer(t, ['--module', CATSERVE]);
  await server.ready();
  const { workers } = await server.until('a look at the inside', ({ workers: [worker] }) =>
    Boolean(worker && worker.external !== null),
  );
  const [before] = workers;
  assert.ok(before && before.handles! > 0 && before.native_contexts! >= 1);
  const load = startSteadyLoad(await server.url(), 2);
  await server.until('collections of garbage under load', ({ workers: [worker] }) =>
    Boolean(worker?.gc && worker.gc.minor_count > (before.gc?.minor_count ?? 0)),
  );
  await load.stop();
});
