import { spawnSync } from 'node:child_process';
import { cpuMicros } from './cpu.js';
import {
  fullHandshakes,
  http2Requests,
  resumedHandshakes,
  type SecureLoad,
} from './secure-load.js';
import { secureSubjects } from './secure-subjects.js';
import { median, spread } from './statistics.js';
import type { Subject } from './subjects.js';

/** What is done to a server, and how often in a turn. */
const LOADS: readonly (readonly [what: string, load: SecureLoad, count: number])[] = [
  ['full handshakes', fullHandshakes, 160],
  ['resumed handshakes', resumedHandshakes, 160],
  ['requests over HTTP/2', http2Requests, 1600],
];

/** How often all servers take turns with one load. */
const TURNS = 9;

/** What each server gets before anything is measured, in turns. */
const WARM = 5;

/** The aim: as many in a second as the server compared with, or this share of them. */
const AIM = 0.8;

type Side = 'ours' | 'bare' | 'proxy';

const NAMES: Readonly<Record<Side, string>> = {
  ours: 'tsuwsgi',
  bare: 'node:http2 alone',
  proxy: 'node:http2 as a proxy',
};

/** Of one turn: how many in a second, and CPU time of one over all processes in microseconds. */
interface Figures {
  readonly rate: number;
  readonly cpu: number;
}

type Turn = Readonly<Record<Side, Figures>>;

/**
 * HTTPS of router and worker against Node's own HTTP/2 server, once alone and once as a proxy with a
 * server behind it, which is as many processes as ours.
 */
export async function measureTls(pairs: number): Promise<void> {
  for (const command of ['openssl', 'h2load']) {
    if (spawnSync(command, ['--version']).error === undefined) continue;
    console.log(`\nTLS: left out, ${command} is not installed`);
    return;
  }
  const turns = new Map<string, Turn[]>(LOADS.map(([what]) => [what, []]));
  const subjects = secureSubjects();
  try {
    for (let pair = 0; pair < pairs; pair++) {
      const running = {
        ...{ ours: await subjects.ours(), bare: await subjects.bare() },
        proxy: await subjects.proxy(),
      };
      try {
        for (const [what, load, count] of LOADS) {
          turns.get(what)?.push(...(await takeTurns(running, load, count)));
        }
      } finally {
        await Promise.all(Object.values(running).map((each) => each.stop()));
      }
    }
  } finally {
    subjects.dispose();
  }
  for (const [what, all] of turns) print(what, all);
}

async function takeTurns(
  running: Readonly<Record<Side, Subject>>,
  load: SecureLoad,
  count: number,
): Promise<Turn[]> {
  const order = Object.keys(NAMES) as Side[];
  for (const side of order) await measure(running[side], load, WARM * count);
  const turns: Turn[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const figures = new Map<Side, Figures>();
    for (const side of turn % 2 === 0 ? order : order.toReversed()) {
      figures.set(side, await measure(running[side], load, count));
    }
    turns.push(Object.fromEntries(figures) as Turn);
  }
  return turns;
}

async function measure({ port, pids }: Subject, load: SecureLoad, count: number): Promise<Figures> {
  const cpu = (): number => pids.reduce((sum, pid) => sum + cpuMicros(pid), 0);
  const [before, begin] = [cpu(), performance.now()];
  await load(port, count);
  const seconds = (performance.now() - begin) / 1000;
  return { rate: count / seconds, cpu: (cpu() - before) / count };
}

function print(what: string, turns: readonly Turn[]): void {
  console.log(`\n${what}, ${turns.length} turns; min / median / max`);
  for (const side of Object.keys(NAMES) as Side[]) {
    const of = (figure: keyof Figures): number[] => turns.map((turn) => turn[side][figure]);
    console.log(
      `  ${NAMES[side]}: ${spread(of('rate'), 0)} a second, ${spread(of('cpu'), 1)} us of CPU each`,
    );
  }
  for (const side of ['bare', 'proxy'] as const) {
    const ratio = (figure: keyof Figures): string =>
      median(turns.map((turn) => turn.ours[figure] / turn[side][figure])).toFixed(3);
    console.log(
      `  tsuwsgi / ${NAMES[side]}: rate ${ratio('rate')} (aim: ${AIM}), CPU ${ratio('cpu')}`,
    );
  }
}
