import { measured } from './measured.js';
import type { WorkerRow } from './rows.js';
import { WORKER_KINDS } from './worker-state.js';

/** What the table can be sorted by: the name of a column and the value behind it. */
export interface SortKey {
  readonly id: SortId;
  /** As in the sort menu. */
  readonly title: string;
  /** Whether the interesting end is the big one. */
  readonly descending: boolean;
  readonly value: (row: WorkerRow) => number | null;
}

export type SortId =
  | 'wid'
  | 'status'
  | 'share'
  | 'pid'
  | 'req'
  | 'rps'
  | 'queue'
  | 'fly'
  | 'avg'
  | 'p99'
  | 'loop'
  | 'cpu'
  | 'rss'
  | 'pss'
  | 'heap'
  | 'vsz'
  | 'tx'
  | 'exc'
  | 'sig'
  | 'hc'
  | 'respawn'
  | 'runtime'
  | 'spawned';

const up = { descending: false };
const down = { descending: true };

/** In the order of the sort menu, which is the order of the columns. */
export const SORT_KEYS: readonly SortKey[] = [
  // uWSGI's never spawned workers all have the id 0: they come last.
  { id: 'wid', title: 'WID', ...up, value: ({ worker }) => (worker.id > 0 ? worker.id : null) },
  {
    id: 'status',
    title: 'STATUS, worst first',
    ...up,
    value: (row) => WORKER_KINDS.indexOf(row.condition.kind),
  },
  { id: 'share', title: '% of all requests', ...down, value: (row) => row.share },
  { id: 'pid', title: 'PID', ...up, value: (row) => row.worker.pid },
  { id: 'req', title: 'REQ', ...down, value: (row) => row.worker.requests ?? null },
  { id: 'rps', title: 'RPS', ...down, value: (row) => row.rates.rps },
  { id: 'queue', title: 'QUEUE', ...down, value: (row) => row.queue },
  { id: 'fly', title: 'FLY, in flight', ...down, value: (row) => row.inFlight },
  { id: 'avg', title: 'AVG ms', ...down, value: (row) => averageOf(row) },
  { id: 'p99', title: 'P99 ms', ...down, value: (row) => row.rates.p99 },
  { id: 'loop', title: 'LOOP ms', ...down, value: (row) => row.worker.stalled_ms ?? null },
  { id: 'cpu', title: 'CPU %', ...down, value: (row) => row.worker.cpu ?? null },
  { id: 'rss', title: 'RSS', ...down, value: (row) => measured(row.worker.rss) },
  { id: 'pss', title: 'PSS', ...down, value: (row) => row.worker.pss ?? null },
  { id: 'heap', title: 'HEAP', ...down, value: (row) => measured(row.worker.heap_used) },
  { id: 'vsz', title: 'VSZ', ...down, value: (row) => measured(row.worker.vsz) },
  { id: 'tx', title: 'TX', ...down, value: (row) => row.worker.tx ?? null },
  { id: 'exc', title: 'EXC', ...down, value: (row) => row.worker.exceptions ?? null },
  { id: 'sig', title: 'SIG', ...down, value: (row) => row.worker.signals ?? null },
  { id: 'hc', title: 'HC, harakiri', ...down, value: (row) => row.worker.harakiri_count ?? null },
  { id: 'respawn', title: 'ReSpwn', ...down, value: (row) => row.worker.respawn_count ?? null },
  { id: 'runtime', title: 'RunT', ...down, value: (row) => row.worker.running_time ?? null },
  { id: 'spawned', title: 'LastSpwn', ...up, value: (row) => row.age },
];

/** Microseconds; null while the worker has answered nothing. */
export function averageOf({ worker }: Pick<WorkerRow, 'worker'>): number | null {
  return (worker.requests ?? 0) === 0 ? null : (worker.avg_rt ?? null);
}

export interface Sort {
  readonly by: SortId;
  readonly descending: boolean;
}

/** Sorted rows: unknown values last in either direction, equal ones in the document's order. */
export function sorted(rows: readonly WorkerRow[], sort: Sort): WorkerRow[] {
  const key = SORT_KEYS.find(({ id }) => id === sort.by);
  if (key === undefined) return [...rows];
  const sign = sort.descending ? -1 : 1;
  const values = rows.map(key.value);
  if (isInOrder(values, sign)) return [...rows];
  const order = rows.map((_, index) => index);
  order.sort((a, b) => compared(values[a] ?? null, values[b] ?? null, sign));
  return order.flatMap((index) => rows[index] ?? []);
}

/** As rows by their worker's number are: a thousand need no sorting with each document then. */
function isInOrder(values: readonly (number | null)[], sign: number): boolean {
  return values.every(
    (value, at) => at === 0 || compared(values[at - 1] ?? null, value, sign) <= 0,
  );
}

function compared(a: number | null, b: number | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a === b ? 0 : sign * (a < b ? -1 : 1);
}
