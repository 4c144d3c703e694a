import { LEAST_S } from '../../shared/memory/verdict.js';
import type { WorkerMemory } from '../../shared/memory/report.js';
import { duration } from '../../shared/units.js';

/** Who told what a report is made of. */
export type MemorySource = 'tsuwsgi' | 'uwsgi';

/** What is asked of each worker of a report. */
type Known = Pick<WorkerMemory, 'id' | 'now' | 'seen'>;

/** What a report does not know, and what would make it known; a sentence each. */
export function missingOf(
  { workers, windowS }: { readonly workers: readonly Known[]; readonly windowS: number },
  source: MemorySource,
): string[] {
  const known = workers.flatMap(({ now }) => now ?? []);
  if (known.length === 0) return [source === 'uwsgi' ? NO_RSS : NO_WORKERS];
  const notes = [
    source === 'uwsgi' ? NO_HEAP : null,
    source === 'tsuwsgi' && known.every(({ heap }) => heap === null) ? HEAP_UNTOLD : null,
    source === 'tsuwsgi' && known.some(({ heap }) => heap !== null) && lacksExternal(workers)
      ? EXTERNAL_UNTOLD
      : null,
    known.every(({ requests }) => requests === null) ? NO_REQUESTS : null,
    ...shortOf(workers, windowS),
  ];
  return notes.filter((note) => note !== null);
}

const NO_RSS =
  'no memory is known: a uWSGI tells rss and vsz of its workers with its option memory-report, from their first request on';
const NO_WORKERS = 'no memory is known: no worker has been measured';
const NO_HEAP =
  'heap, external and native memory are not known: a uWSGI tells rss and vsz only, with its option memory-report';
const HEAP_UNTOLD = 'the heap is not known: the workers have not told of it yet';
const EXTERNAL_UNTOLD =
  'external memory is not known, and so neither is native memory: this server does not tell it';
const NO_REQUESTS = 'requests of single processes are not known: there is no growth for a request';

function lacksExternal(workers: readonly Known[]): boolean {
  return workers.every(({ now }) => (now?.external ?? null) === null);
}

/** How much of the window is known, where it is much less. */
function shortOf(workers: readonly Known[], windowS: number): string[] {
  const short = workers.filter(({ now, seen }) => now !== null && seen < windowS / 2);
  if (short.length === 0) return [];
  const least = Math.min(...short.map(({ seen }) => seen));
  const who =
    short.length === 1 ? `worker ${short[0]?.id ?? ''}` : `${short.length} of the workers`;
  const enough = least < LEAST_S ? `; a verdict takes ${LEAST_S} s at least` : '';
  return [`of ${who} only ${duration(least)} of ${duration(windowS)} are known${enough}`];
}
