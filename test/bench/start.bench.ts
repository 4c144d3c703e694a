import { proportionalBytes, residentBytes } from './cpu.js';
import { spread } from './statistics.js';
import { bare, type Subject, tsuwsgi } from './subjects.js';

const MB = 1024 * 1024;

interface Start {
  readonly startMs: number;
  readonly masterRss: number;
  readonly workerPss: number;
}

/** Time to the first answered request, and the memory that supervision costs. */
export async function measureStart(pairs: number): Promise<void> {
  console.log('\nStart-up and memory, tsuwsgi with one worker against plain node:http');
  const ours: Start[] = [];
  const theirs: Start[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    for (const which of pair % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours']) {
      if (which === 'ours') ours.push(await observe(await tsuwsgi()));
      else theirs.push(await observe(await bare()));
    }
  }
  const row = (name: string, of: (start: Start) => number, rows: readonly Start[]): void => {
    console.log(`  ${name} min / median / max: ${spread(rows.map(of), 1)}`);
  };
  row('tsuwsgi  ms to the first answer', ({ startMs }) => startMs, ours);
  row('baseline ms to the first answer', ({ startMs }) => startMs, theirs);
  row('tsuwsgi  RSS of the master, MB ', ({ masterRss }) => masterRss / MB, ours);
  row('tsuwsgi  PSS of the worker, MB ', ({ workerPss }) => workerPss / MB, ours);
  row('baseline PSS, MB               ', ({ workerPss }) => workerPss / MB, theirs);
}

async function observe(subject: Subject): Promise<Start> {
  try {
    const [master = subject.worker] = subject.pids;
    return {
      startMs: subject.startMs,
      masterRss: residentBytes(master),
      workerPss: proportionalBytes(subject.worker),
    };
  } finally {
    await subject.stop();
  }
}
