import { cpuMicros } from './cpu.js';
import { type Load, send } from './load.js';
import { median, spread } from './statistics.js';
import type { Subject } from './subjects.js';

/** Microseconds of CPU a request, over all processes of a subject. */
async function measure(subject: Subject, load: Omit<Load, 'port'>): Promise<number> {
  const cpu = (): number => subject.pids.reduce((sum, pid) => sum + cpuMicros(pid), 0);
  const before = cpu();
  await send({ ...load, port: subject.port });
  return (cpu() - before) / load.requests;
}

/** How often the two sides of a pair take turns. */
const TURNS = 25;

export interface Comparison {
  readonly name: string;
  readonly pairs: number;
  readonly load: Omit<Load, 'port'>;
  readonly ours: () => Promise<Subject>;
  readonly theirs: () => Promise<Subject>;
  /** The ratio that is aimed at; null: it tells what cannot be gone below. */
  readonly aim: number | null;
}

/**
 * Measures two servers in turn, a fresh pair of processes for each pair of runs: two processes of
 * the same code differ by more than what is to be measured, so that one long-lived pair would
 * compare those two processes and not the code. Prints every pair; returns the median ratio.
 */
export async function compare(comparison: Comparison): Promise<number> {
  const { name, pairs, load, aim } = comparison;
  console.log(`\n${name}: ${load.requests} requests on ${load.connections} connections a run`);
  const rows: { ours: number; theirs: number; ratio: number }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const row = await runPair(comparison, pair % 2 === 0);
    rows.push(row);
    const { ours, theirs, ratio } = row;
    console.log(
      `  pair ${pair + 1}: tsuwsgi ${ours.toFixed(1)} us, baseline ${theirs.toFixed(1)} us, ratio ${ratio.toFixed(3)}`,
    );
  }
  const ratio = median(rows.map((row) => row.ratio));
  console.log(
    `  tsuwsgi  us/request min / median / max: ${spread(
      rows.map((r) => r.ours),
      1,
    )}`,
  );
  console.log(
    `  baseline us/request min / median / max: ${spread(
      rows.map((r) => r.theirs),
      1,
    )}`,
  );
  console.log(
    `  ratio min / median / max: ${spread(
      rows.map((r) => r.ratio),
      3,
    )} (${aim === null ? 'no aim' : `aim: ${aim}`})`,
  );
  return ratio;
}

async function runPair(
  { load, ours, theirs }: Comparison,
  oursFirst: boolean,
): Promise<{ ours: number; theirs: number; ratio: number }> {
  const subjects = { ours: await ours(), theirs: await theirs() };
  try {
    const order = oursFirst ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const);
    const warm = { ...load, requests: Math.ceil(load.requests / 2) };
    for (const which of order) await measure(subjects[which], warm);
    // In turns, many and short, each compared with its neighbour: other work on the machine, and
    // the clock of a shared processor, change more slowly than that.
    const turn = { ...load, requests: Math.ceil(load.requests / TURNS) };
    const turns: { ours: number; theirs: number }[] = [];
    for (let i = 0; i < TURNS; i++) {
      const result = { ours: 0, theirs: 0 };
      for (const which of i % 2 === 0 ? order : order.toReversed()) {
        result[which] = await measure(subjects[which], turn);
      }
      turns.push(result);
    }
    return {
      ours: median(turns.map((each) => each.ours)),
      theirs: median(turns.map((each) => each.theirs)),
      ratio: median(turns.map((each) => each.ours / each.theirs)),
    };
  } finally {
    await Promise.all([subjects.ours.stop(), subjects.theirs.stop()]);
  }
}
