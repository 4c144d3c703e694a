import { type Fields, isFields, integerIn, numberIn, textUpTo } from '../../../shared/fields.js';
import { isRefusalCounts } from '../../wire/refusals.js';
import type { Totals } from '../decide/totals.js';
import { readTicketSecret, type TicketSecret } from '../tls/ticket-keys.js';

/**
 * The frames between an old master and the new one: one JSON object a line, over the socket pair
 * that the new one inherits as `MASTER_LINK_FD`.
 */

/** What the new master says. */
export type SuccessorFrame =
  { readonly type: 'ready' } | { readonly type: 'failed'; readonly reason: string };

/** Totals of a worker id. */
export type WorkerTotals = readonly [worker: number, totals: Totals];

/** What the old master says. */
export type PredecessorFrame =
  /** Take over now. */
  | { readonly type: 'go' }
  /** What resumes the sessions of TLS: a secret, which is in no log and no environment so. */
  | ({ readonly type: 'tickets' } & TicketSecret)
  /** What all workers of the old master and of those before it have counted until now. */
  | { readonly type: 'totals'; readonly workers: readonly WorkerTotals[] };

const MAX_REASON = 1000;

/** Reads a line of the new master's; null when it is none. */
export function decodeSuccessorFrame(line: string): SuccessorFrame | null {
  const value = parse(line);
  if (value?.['type'] === 'ready') return { type: 'ready' };
  const reason = textUpTo(value?.['reason'], MAX_REASON);
  return value?.['type'] === 'failed' && reason !== undefined ? { type: 'failed', reason } : null;
}

/** Reads a line of the old master's; null when it is none. */
export function decodePredecessorFrame(line: string): PredecessorFrame | null {
  const value = parse(line);
  if (value?.['type'] === 'go') return { type: 'go' };
  if (value?.['type'] === 'tickets') {
    const secret = readTicketSecret(value);
    return secret === null ? null : { type: 'tickets', ...secret };
  }
  const workers = value?.['workers'];
  if (value?.['type'] !== 'totals' || !Array.isArray(workers)) return null;
  const read = workers.map(readWorker);
  const whole = read.filter((entry) => entry !== null);
  return whole.length === read.length ? { type: 'totals', workers: whole } : null;
}

function readWorker(value: unknown): WorkerTotals | null {
  if (!Array.isArray(value)) return null;
  const worker = integerIn(value[0], 1, 1_000_000);
  const totals = isFields(value[1]) ? readTotals(value[1]) : null;
  return worker === undefined || totals === null ? null : [worker, totals];
}

function readTotals(value: Fields): Totals | null {
  const requests = count(value['requests']);
  const exceptions = count(value['exceptions']);
  const aborted = count(value['aborted']);
  const tx = count(value['tx']);
  const runningTime = count(value['runningTime']);
  // A master from before these were counted does not tell them.
  const lost = count(value['lost'] ?? 0);
  const { buckets, refused = [] } = value;
  if (requests === undefined || exceptions === undefined || aborted === undefined) return null;
  if (tx === undefined || runningTime === undefined || lost === undefined) return null;
  if (!Array.isArray(buckets) || !buckets.every(isPair)) return null;
  if (!isRefusalCounts(refused)) return null;
  return { requests, exceptions, aborted, tx, runningTime, lost, buckets, refused };
}

function count(value: unknown): number | undefined {
  return numberIn(value, 0, Number.MAX_VALUE);
}

function isPair(value: unknown): value is [number, number] {
  return (
    Array.isArray(value) && value.length === 2 && value.every((part) => count(part) !== undefined)
  );
}

function parse(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}
