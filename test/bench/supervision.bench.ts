import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { StatsDocument } from '../../shared/stats.js';
import { readAll } from '../support/server.js';
import { cpuMicros } from './cpu.js';
import { spread } from './statistics.js';
import { freeCommand } from './pin.js';
import { type Subject, tsuwsgi, tsuwsgiUnpinned } from './subjects.js';

/** Reads the stats until a condition holds; how many milliseconds that took. */
async function until(
  subject: Subject,
  holds: (stats: StatsDocument) => boolean,
): Promise<{ ms: number; stats: StatsDocument }> {
  const begin = performance.now();
  for (;;) {
    const stats = JSON.parse(await readAll(subject.statsPort)) as StatsDocument;
    if (holds(stats)) return { ms: performance.now() - begin, stats };
    await pause(5);
  }
}

/** From SIGHUP until the last old process is gone, four workers without load. */
export async function measureReload(rounds: number): Promise<void> {
  const subject = await tsuwsgiUnpinned('-p', '4');
  const times: number[] = [];
  try {
    await until(subject, allReady);
    for (let round = 1; round <= rounds; round++) {
      process.kill(subject.pids[0] ?? 0, 'SIGHUP');
      const { ms } = await until(
        subject,
        (stats) =>
          stats.generation === round &&
          stats.workers.every(({ draining }) => draining.length === 0),
      );
      times.push(ms);
    }
  } finally {
    await subject.stop();
  }
  console.log(`\nReload of 4 workers without load, ${rounds} rounds`);
  console.log(
    `  ms from SIGHUP to the last old worker gone, min / median / max: ${spread(times, 0)}`,
  );
}

function allReady({ workers }: StatsDocument): boolean {
  return workers.every(({ accepting }) => accepting === 1);
}

/** From `kill -9` of the only worker until its successor accepts, and what Node alone takes. */
export async function measureRespawn(rounds: number): Promise<void> {
  const subject = await tsuwsgiUnpinned();
  const times: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      // Deaths in quick succession are held back: that is not what is measured here.
      await pause(4000);
      const { stats } = await until(subject, allReady);
      const pid = stats.workers[0]?.pid ?? 0;
      process.kill(pid, 'SIGKILL');
      const { ms } = await until(
        subject,
        ({ workers: [worker] }) => worker?.pid !== pid && worker?.accepting === 1,
      );
      times.push(ms);
    }
  } finally {
    await subject.stop();
  }
  console.log(`\nRespawn after kill -9, ${rounds} rounds`);
  console.log(
    `  ms until the successor accepts, min / median / max: ${spread(times, 0)} (aim: under 300 and the application)`,
  );
  const empty: number[] = [];
  for (let round = 0; round < rounds; round++) empty.push(await startOfNode());
  console.log(`  ms that an empty node program takes, min / median / max: ${spread(empty, 0)}`);
}

async function startOfNode(): Promise<number> {
  const begin = performance.now();
  const child = spawn(...freeCommand(['-e', '0']), { stdio: 'ignore' });
  await new Promise((resolve) => child.once('close', resolve));
  return performance.now() - begin;
}

const REST_WORKERS = 64;
const REST_MS = 10_000;

/** A master measures more for as long after somebody has read its stats. */
const UNREAD_MS = 130_000;

/** CPU time of the master with 64 idle workers, in percent of a core. */
export async function measureRest(rounds: number): Promise<void> {
  console.log(`\nThe master at rest with ${REST_WORKERS} idle workers, ${rounds} times 10 s`);
  const subject = await tsuwsgi('-p', String(REST_WORKERS));
  try {
    await until(subject, allReady);
    await pause(REST_MS);
    await printShares(subject, rounds, 'stats read less than two minutes ago');
    await pause(UNREAD_MS);
    await printShares(subject, rounds, 'stats read by nobody (aim: under 0.5)');
  } finally {
    await subject.stop();
  }
}

async function printShares(
  { pids: [master = 0] }: Subject,
  rounds: number,
  what: string,
): Promise<void> {
  const shares: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = cpuMicros(master);
    const begin = performance.now();
    await pause(REST_MS);
    shares.push((cpuMicros(master) - before) / (performance.now() - begin) / 10);
  }
  console.log(`  % of a core, ${what}, min / median / max: ${spread(shares, 2)}`);
}
