import { setTimeout as pause } from 'node:timers/promises';
import type { StatsDocument } from '../../shared/stats.js';
import { freePort, startUwsgi, WITHOUT_UWSGI } from '../support/real-uwsgi.js';
import { watch } from '../support/watchers.js';
import { cpuMicros, residentBytes } from './cpu.js';
import { SERVER_LAUNCHER } from './pin.js';
import { median, spread } from './statistics.js';
import { oneHttp, readRaw, sixteenRaw, type Reading } from './stats-readers.js';
import { bareRaw, type Subject, tsuwsgi } from './subjects.js';

const WORKERS = 8;
const TURN_MS = 1500;

interface Place {
  readonly port: number;
  readonly master: number;
}

interface Turn {
  /** Microseconds of the master's CPU time for each document. */
  readonly micros: number;
  readonly perSecond: number;
  readonly bytes: number;
}

type Load = (port: number, ms: number) => Promise<Reading>;

async function turn({ port, master }: Place, load: Load): Promise<Turn> {
  const before = cpuMicros(master);
  const { documents, bytes, seconds } = await load(port, TURN_MS);
  const micros = (cpuMicros(master) - before) / documents;
  return { micros, perSecond: documents / seconds, bytes: bytes / documents };
}

interface Turns {
  readonly tsuwsgi: Turn;
  readonly uwsgi: Turn;
  readonly bare?: Turn;
}

/**
 * Our stats server and uWSGI's under the same readers, turn and turn about; for raw ones also a
 * `net.Server` that writes as many bytes as ours and knows nothing else: below it Node cannot go.
 */
export async function compareStats(
  pairs: number,
  how: { readonly name: string; readonly load: Load; readonly http: boolean },
): Promise<void> {
  console.log(`\nStats, ${how.name}; ${WORKERS} workers, ${pairs} pairs of ${TURN_MS} ms`);
  if (WITHOUT_UWSGI !== false) {
    console.log(`  left out: ${WITHOUT_UWSGI}`);
    return;
  }
  const ours = await tsuwsgi('-p', String(WORKERS), '--stats-wait', how.http ? '1000' : '0');
  const port = await freePort();
  const stats = ['--stats', `127.0.0.1:${port}`, ...(how.http ? ['--stats-http'] : [])];
  await using uwsgi = await startUwsgi(() => stats, {
    workers: WORKERS,
    launcher: SERVER_LAUNCHER,
  });
  const our = placeOf(ours);
  const first = await turn(our, how.load);
  const bare = how.http ? null : await bareRaw(Math.round(first.bytes));
  const their = { port, master: uwsgi.pid };
  const turns: Turns[] = [];
  try {
    await turn(their, how.load);
    for (let pair = 0; pair < pairs; pair++) {
      turns.push({
        tsuwsgi: await turn(our, how.load),
        uwsgi: await turn(their, how.load),
        ...(bare === null ? {} : { bare: await turn(placeOf(bare), how.load) }),
      });
    }
  } finally {
    await bare?.stop();
    await ours.stop();
  }
  print(turns);
}

function placeOf({ statsPort, pids }: Subject): Place {
  return { port: statsPort, master: pids[0] ?? 0 };
}

function print(turns: readonly Turns[]): void {
  const line = (what: string, of: (turn: Turn) => number, digits: number): void => {
    const mine = turns.map(({ tsuwsgi: each }) => of(each));
    const theirs = turns.map(({ uwsgi: each }) => of(each));
    const ratios = turns.map((each) => of(each.tsuwsgi) / of(each.uwsgi));
    console.log(`  ${what}, min / median / max`);
    console.log(`    tsuwsgi ${spread(mine, digits)}   uWSGI ${spread(theirs, digits)}`);
    console.log(`    ratio ${spread(ratios, 2)}`);
    const bare = turns.flatMap(({ bare: least, ...each }) =>
      least === undefined ? [] : [{ ...each, bare: least }],
    );
    if (bare.length === 0) return;
    const least = bare.map((each) => of(each.bare) / of(each.uwsgi));
    const more = bare.map((each) => of(each.tsuwsgi) / of(each.bare));
    console.log(
      `    bare net.Server against uWSGI ${spread(least, 2)}, ours against it ${spread(more, 2)}`,
    );
  };
  line('µs of the master’s CPU time a document', ({ micros }) => micros, 1);
  line('documents a second', ({ perSecond }) => perSecond, 0);
  line('bytes a document', ({ bytes }) => bytes, 0);
}

export function compareRaw(pairs: number): Promise<void> {
  const name = '16 raw readers, --stats-wait 0';
  return compareStats(pairs, { name, load: sixteenRaw, http: false });
}

export function compareHttp(pairs: number): Promise<void> {
  const name = 'one HTTP reader that keeps its connection where it may';
  return compareStats(pairs, { name, load: oneHttp, http: true });
}

const BURST = 1000;
/** No document of eight workers is as short. */
const WHOLE_BYTES = 5000;

/** A thousand silent readers at the same moment, with the usual wait for their first words. */
export async function measureBurst(rounds: number): Promise<void> {
  const subject = await tsuwsgi('-p', String(WORKERS), '--stats-wait', '50');
  const lasts: number[] = [];
  const medians: number[] = [];
  let unserved = 0;
  try {
    await everyWorkerServes(subject.statsPort);
    for (let round = 0; round < rounds; round++) {
      const begin = performance.now();
      const times = await Promise.all(
        Array.from({ length: BURST }, async () => {
          // Who is cut off before the document has come was not served.
          const bytes = await readRaw(subject.statsPort).catch(() => 0);
          if (bytes < WHOLE_BYTES) unserved++;
          return performance.now() - begin;
        }),
      );
      lasts.push(Math.max(...times));
      medians.push(median(times));
      await pause(200);
    }
  } finally {
    await subject.stop();
  }
  console.log(`\n${BURST} raw readers at once, --stats-wait 50, ${rounds} rounds`);
  console.log(`  ms until the last was served, min / median / max: ${spread(lasts, 0)} (aim: 250)`);
  console.log(`  readers that got no document, of ${rounds * BURST}: ${unserved} (aim: 0)`);
  console.log(`  ms until half were served, min / median / max: ${spread(medians, 0)}`);
}

/** Workers that still load their application share their CPU with the master here. */
async function everyWorkerServes(port: number): Promise<void> {
  for (;;) {
    const { workers } = await documentOf(port);
    if (workers.length === WORKERS && workers.every(({ accepting }) => accepting === 1)) return;
    await pause(50);
  }
}

async function documentOf(port: number): Promise<StatsDocument> {
  const response = await fetch(`http://127.0.0.1:${port}/stats`);
  return (await response.json()) as StatsDocument;
}

const IDLE_WATCHERS = 100;
const IDLE_MS = 5000;

/** What a watcher of an idle server of eight workers costs its master, at one tick a second. */
export async function measureIdleWatchers(pairs: number): Promise<void> {
  const subject = await tsuwsgi('-p', String(WORKERS), '--stats-wait', '1000');
  const [master = 0] = subject.pids;
  const micros: number[] = [];
  const kilobytes: number[] = [];
  try {
    await pause(IDLE_MS);
    for (let pair = 0; pair < pairs; pair++) {
      const alone = await cpuOver(master, IDLE_MS);
      const before = residentBytes(master);
      using watchers = await watch(subject.statsPort, IDLE_WATCHERS);
      const watched = await cpuOver(master, IDLE_MS);
      if (watchers.lost.length > 0) throw new Error(watchers.lost.join(', '));
      micros.push((watched - alone) / (IDLE_WATCHERS * (IDLE_MS / 1000)));
      kilobytes.push((residentBytes(master) - before) / 1000 / IDLE_WATCHERS);
    }
  } finally {
    await subject.stop();
  }
  console.log(`\nAn idle watcher at one tick a second, ${IDLE_WATCHERS} at once, ${pairs} pairs`);
  console.log(`  µs of the master’s CPU time a tick, min / median / max: ${spread(micros, 1)}`);
  console.log(`  KB resident more, min / median / max: ${spread(kilobytes, 1)}`);
}

/** Microseconds of CPU time that a process uses in so many milliseconds. */
async function cpuOver(pid: number, ms: number): Promise<number> {
  const before = cpuMicros(pid);
  await pause(ms);
  return cpuMicros(pid) - before;
}
