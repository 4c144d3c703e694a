import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createMemoryRounds } from '../../server/master/memory-rounds.js';
import { watchProcesses } from '../../server/master/process-stats.js';
import { GC_FIELDS } from '../../server/wire/inside-frames.js';
import { watchCollections } from '../../server/worker/collections.js';
import { INSIDE_FIELDS, readInside, watchInside } from '../../server/worker/inside.js';
import { spread } from './statistics.js';
import { measureVerdicts } from './verdict.bench.js';

/** What measuring memory costs the master and a worker, and how well it is judged. */
export async function measureMemory(rounds: number): Promise<void> {
  await measureWalk(rounds);
  for (const count of [64, 500]) await measureMany(count, rounds);
  measureLook(rounds);
  await measureCollections(rounds);
  measureVerdicts(rounds);
}

/** Seconds that are played. */
const SECONDS = 20;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** One process of Node: this one. */
async function measureWalk(rounds: number): Promise<void> {
  const watch = watchProcesses();
  await watch.measure([process.pid]);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = cpuMs();
    for (let walk = 0; walk < 50; walk++) await watch.measureOwnMemory([process.pid]);
    times.push((cpuMs() - before) / 50);
  }
  const rss = Math.round(process.memoryUsage.rss() / 1024 / 1024);
  console.log(`\nMemory: PSS, USS, shared and swap of one process of Node with ${rss} MB`);
  console.log(`  ms of CPU, min / median / max: ${spread(times, 2)}`);
}

/** So many sleeping processes, as the master measures them while somebody reads. */
async function measureMany(count: number, rounds: number): Promise<void> {
  const children = Array.from({ length: count }, () =>
    spawn('sleep', ['600'], { stdio: 'ignore' }),
  );
  try {
    await Promise.all(children.map((child) => once(child, 'spawn')));
    const pids = children.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    const shares: number[] = [];
    for (let round = 0; round < rounds; round++) shares.push(await playSeconds(pids));
    console.log(`\nMemory: ${count} sleeping processes, ${SECONDS} seconds of the master's rounds`);
    console.log(
      `  % of a core, RSS and CPU every second and PSS every 5 s, min / median / max: ${spread(shares, 2)} (aim for 64: under 1)`,
    );
  } finally {
    await end(children);
  }
}

async function end(children: readonly ChildProcess[]): Promise<void> {
  const ended = children.map((child) => once(child, 'close'));
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(ended);
}

async function playSeconds(pids: readonly number[]): Promise<number> {
  const watch = watchProcesses();
  const rounds = createMemoryRounds();
  await watch.measure(pids);
  const before = cpuMs();
  for (let second = 0; second < SECONDS; second++) {
    await watch.measure(pids);
    const begin = performance.now();
    const due = rounds.due(pids, second * 1000);
    await watch.measureOwnMemory(due);
    rounds.took(due.length, performance.now() - begin);
  }
  const share = (cpuMs() - before) / SECONDS / 10;
  // Its files are closed.
  await watch.measure([]);
  return share;
}

/** What the main thread of a worker does once a second, and its monitor thread ten times. */
function measureLook(rounds: number): void {
  const inside = new Float64Array(INSIDE_FIELDS);
  const look = watchInside(inside);
  const shares: number[] = [];
  let now = 0;
  for (let round = 0; round < rounds; round++) {
    const looks = 2000;
    const before = cpuMs();
    for (let second = 0; second < looks; second++) {
      look((now += 1000));
      for (let frame = 0; frame < 10; frame++) JSON.stringify(readInside(inside));
    }
    shares.push((cpuMs() - before) / looks / 10);
  }
  console.log('\nMemory: the figures from inside, a look and ten frames a second');
  console.log(
    `  % of a core, min / median / max: ${spread(shares, 4)} (aim: under 0.1 for each worker)`,
  );
}

/** Collections on demand, each told of by itself, with and without counting them, in turns. */
async function measureCollections(rounds: number): Promise<void> {
  const collect = exposedGc();
  const totals = new Float64Array(GC_FIELDS.length);
  const differences: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const costs = new Map<boolean, number>();
    for (const isCounted of round % 2 === 0 ? [false, true] : [true, false]) {
      const stop = isCounted ? watchCollections(totals) : () => undefined;
      const before = cpuMs();
      for (let count = 0; count < COLLECTIONS; count++) {
        collect();
        await turn();
      }
      costs.set(isCounted, cpuMs() - before);
      stop();
    }
    const extra = (costs.get(true) ?? 0) - (costs.get(false) ?? 0);
    differences.push((extra * 1000) / COLLECTIONS);
  }
  console.log(`\nMemory: counting garbage collections, ${totals[0] ?? 0} were counted`);
  console.log(`  µs of CPU for each collection, min / median / max: ${spread(differences, 1)}`);
}

const COLLECTIONS = 1000;

/** V8's own function, for the young generation. */
function exposedGc(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: { type: 'minor' }) => void;
  return () => {
    gc({ type: 'minor' });
  };
}
