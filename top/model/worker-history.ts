import type { DecodedInstance, DecodedWorker } from '../../shared/stats.js';
import { type Rates, ratesOf, type WorkerRates } from './rates.js';
import { externalOf, measured } from './measured.js';
import type { MemoryPoint } from '../../shared/memory/points.js';

/**
 * What is remembered of each worker, by documents and not by workers: one compact row of numbers for
 * each, so that a document more costs one array and moves nothing, whoever is looked at later.
 */

/** What a chart may want of a worker, in the order of a row. */
const FIGURES = ['rps', 'average', 'p99', 'rss', 'pss', 'delay', 'cpu'] as const;

/**
 * Requests per second; microseconds of the average and of p99; bytes of rss and pss; milliseconds
 * that the event loop was late; percent of one core.
 */
export type Figure = (typeof FIGURES)[number];

/** The figures of all workers in one document; NaN is not known. */
export interface Snapshot {
  /** The row of a worker id; the same object while the workers are the same. */
  readonly rows: ReadonlyMap<number, number>;
  readonly values: Float32Array;
}

/** What is remembered of a worker's memory, in the order of a row of `Sizes`. */
const SIZED = 7;

/** Memory at one moment, to see what grows over a longer time. */
export interface Sizes {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly rows: ReadonlyMap<number, number>;
  /** Bytes of RSS, heap, external, PSS and USS, requests of the process, and its pid; NaN is not known. */
  readonly values: Float32Array;
}

export interface WorkerHistory {
  /** Of the last documents, oldest first; null is a time without any. */
  readonly recent: readonly (Snapshot | null)[];
  /** Oldest first, at least `SIZES_MS` apart. */
  readonly sizes: readonly Sizes[];
}

export const NO_WORKER_HISTORY: WorkerHistory = { recent: [], sizes: [] };

/** Five minutes at a document a second: 28 bytes each for a worker, 8 MB for a thousand of them. */
export const RECENT = 300;
/** Half an hour: 28 bytes each for a worker. */
export const SIZES_MS = 5000;
const SIZES = 360;

function rowsOf(instance: DecodedInstance, before: ReadonlyMap<number, number> | undefined) {
  const ids = instance.workers.map(({ id }) => id).filter((id) => id > 0);
  const same = before?.size === ids.length && ids.every((id, row) => before.get(id) === row);
  return same ? before : new Map([...new Set(ids)].map((id, row) => [id, row]));
}

/** Writes the row of a worker that begins at `from`. */
function note(
  values: Float32Array,
  from: number,
  worker: DecodedWorker,
  { rps, p99 }: WorkerRates,
): void {
  values[from] = rps ?? NaN;
  values[from + 1] = (worker.requests ?? 0) === 0 ? NaN : (worker.avg_rt ?? NaN);
  values[from + 2] = p99 ?? NaN;
  values[from + 3] = measured(worker.rss) ?? NaN;
  values[from + 4] = worker.pss ?? NaN;
  values[from + 5] = worker.loop_delay_ms ?? NaN;
  values[from + 6] = worker.cpu ?? NaN;
}

function noteMemory(memory: Float32Array, from: number, worker: DecodedWorker): void {
  memory[from] = measured(worker.rss) ?? NaN;
  memory[from + 1] = measured(worker.heap_used) ?? NaN;
  memory[from + 2] = externalOf(worker) ?? NaN;
  memory[from + 3] = worker.delta_requests ?? NaN;
  // Exact: the greatest pid of Linux is 2^22.
  memory[from + 4] = worker.pid;
  memory[from + 5] = worker.pss ?? NaN;
  memory[from + 6] = worker.uss ?? NaN;
}

/** Takes in a document that arrived at `at`. */
export function withWorkers(
  history: WorkerHistory,
  at: number,
  instance: DecodedInstance,
  rates: Rates,
): WorkerHistory {
  const rows = rowsOf(instance, history.sizes.at(-1)?.rows);
  const last = history.sizes.at(-1);
  const due = last === undefined || at - last.at >= SIZES_MS || at < last.at;
  const values = new Float32Array(rows.size * FIGURES.length).fill(NaN);
  const memory = new Float32Array(due ? rows.size * SIZED : 0).fill(NaN);
  for (const worker of instance.workers) {
    const row = rows.get(worker.id);
    if (row === undefined) continue;
    note(values, row * FIGURES.length, worker, ratesOf(rates, worker.id));
    if (due) noteMemory(memory, row * SIZED, worker);
  }
  return {
    recent: [...history.recent.slice(1 - RECENT), { rows, values }],
    sizes: due ? [...history.sizes.slice(1 - SIZES), { at, rows, values: memory }] : history.sizes,
  };
}

/** Marks a time without documents. */
export function withoutWorkers(history: WorkerHistory): WorkerHistory {
  return { ...history, recent: [...history.recent.slice(1 - RECENT), null] };
}

/**
 * A figure of one worker over the last documents, newest last, in front of it gaps up to `length`:
 * as long as the times that a chart goes by.
 */
export function workerSeries(
  { recent }: WorkerHistory,
  id: number,
  figure: Figure,
  length: number,
): readonly (number | null)[] {
  const known = valuesOf(recent.slice(Math.max(0, recent.length - length)), id, figure);
  const missing = Math.max(0, length - known.length);
  return [...Array.from({ length: missing }, () => null), ...known];
}

/** The same since the worker was first seen, at most `most` values. */
export function recentSeries(
  { recent }: WorkerHistory,
  id: number,
  figure: Figure,
  most: number,
): readonly (number | null)[] {
  const newest = recent.slice(Math.max(0, recent.length - most));
  const first = newest.findIndex((snapshot) => snapshot?.rows.has(id) === true);
  return first < 0 ? [] : valuesOf(newest.slice(first), id, figure);
}

function valuesOf(
  snapshots: WorkerHistory['recent'],
  id: number,
  figure: Figure,
): (number | null)[] {
  const column = FIGURES.indexOf(figure);
  let rows: Snapshot['rows'] | undefined;
  let row: number | undefined;
  return snapshots.map((snapshot) => {
    // Nearly all have the very same rows.
    if (snapshot !== null && snapshot.rows !== rows) row = (rows = snapshot.rows).get(id);
    if (snapshot === null || row === undefined) return null;
    return orNull(snapshot.values[row * FIGURES.length + column]);
  });
}

/** Who ran under a worker's id, and its resident size, at one moment. */
export interface Size {
  readonly at: number;
  /** 0 without a process. */
  readonly pid: number;
  /** Null while it is not known. */
  readonly bytes: number | null;
}

/** Of one worker at each moment that sizes are remembered of, oldest first, whatever process it was. */
export function workerSizes({ sizes }: WorkerHistory, id: number): Size[] {
  return sizes.map(({ at, rows, values }) => {
    const row = rows.get(id);
    if (row === undefined) return { at, pid: 0, bytes: null };
    return { at, pid: values[row * SIZED + 4] ?? 0, bytes: orNull(values[row * SIZED]) };
  });
}

/** All that is remembered of its memory since a moment in monotonic milliseconds, for a verdict. */
export function workerPoints({ sizes }: WorkerHistory, id: number, since: number): MemoryPoint[] {
  return sizes.flatMap(({ at, rows, values }): MemoryPoint[] => {
    const row = rows.get(id);
    if (at < since || row === undefined) return [];
    const from = row * SIZED;
    const rss = orNull(values[from]);
    if (rss === null) return [];
    const [heap, external] = [orNull(values[from + 1]), orNull(values[from + 2])];
    const [pss, uss] = [orNull(values[from + 5]), orNull(values[from + 6])];
    const requests = orNull(values[from + 3]);
    return [{ t: at / 1000, rss, pss, uss, heap, external, requests }];
  });
}

function orNull(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
