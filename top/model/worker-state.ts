import type { DecodedWorker } from '../../shared/stats.js';
import { ofEach } from './remember.js';
import { sanitizeShort } from './sanitize.js';

/**
 * What a worker is up to, worst first: the order of this list is the order of the STATUS sort.
 * `stuck`, `backoff`, `start`, `drain` and `dead` are derived; the others are uWSGI's own words.
 */
export const WORKER_KINDS = [
  'stuck',
  'dead',
  'backoff',
  'start',
  'drain',
  'pause',
  'busy',
  'signal',
  'idle',
  'cheap',
  'unknown',
] as const;

export type WorkerKind = (typeof WORKER_KINDS)[number];

export interface WorkerCondition {
  readonly kind: WorkerKind;
  /** At most seven characters would be read in the table: `busy`, `sig17`, `backoff`. */
  readonly word: string;
}

/** From this stall on a worker is called stuck rather than busy, in milliseconds. */
export const STUCK_MS = 1000;

/** What the process under a worker id is doing. */
export function workerCondition(worker: DecodedWorker): WorkerCondition {
  const derived = supervised(worker);
  return derived === null ? reported(worker) : PLAIN[derived];
}

/** The same of each worker of a document. */
export const conditionsOf = ofEach(workerCondition);

/** What is its own word: the same for every worker. */
const PLAIN = Object.fromEntries(
  WORKER_KINDS.map((kind) => [kind, { kind, word: kind }]),
) as Readonly<Record<WorkerKind, WorkerCondition>>;

/** What the supervisor's fields say; null when they have nothing to add to the status word. */
function supervised(worker: DecodedWorker): WorkerKind | null {
  if (worker.state === 'backoff') return 'backoff';
  if (worker.state === 'dead') return 'dead';
  if (worker.state === 'starting') return 'start';
  if ((worker.stalled_ms ?? 0) >= STUCK_MS) return 'stuck';
  if (worker.state === 'draining') return 'drain';
  return null;
}

function reported(worker: DecodedWorker): WorkerCondition {
  const { status, pid } = worker;
  if (pid !== 0 && (status === 'idle' || status === 'busy')) return PLAIN[status];
  const word = sanitizeShort(status, 16);
  if (word === 'cheap') return PLAIN.cheap;
  if (pid === 0) return PLAIN.dead;
  if (word === 'busy' || word === 'idle' || word === 'pause') return PLAIN[word];
  if (/^sig\d+$/.test(word)) return { kind: 'signal', word };
  return { kind: 'unknown', word: word === '' ? 'unknown' : word };
}

/** Whether requests reach the worker now: what counts as capacity. */
export function isServing(worker: DecodedWorker): boolean {
  const { kind } = workerCondition(worker);
  return worker.pid !== 0 && (kind === 'busy' || kind === 'idle' || kind === 'signal');
}
