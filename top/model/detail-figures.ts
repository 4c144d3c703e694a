import type { DecodedWorker } from '../../shared/stats.js';
import { bytes, duration, grouped, millis } from '../../shared/units.js';
import { bar, type Block, row, type Row, UNKNOWN, words } from './block.js';
import type { RowIdentity, WorkerRow } from './rows.js';
import { sanitizeShort } from './sanitize.js';
import { measured } from './measured.js';
import { averageOf } from './sort-keys.js';
import { STUCK_MS, type WorkerKind } from './worker-state.js';

/** Columns of a label in the blocks of figures. */
const LABELS = 11;

const tenth = (value: number): string => (value < 10 ? value.toFixed(1) : grouped(value));
const ms = (value: number): string => `${tenth(value)} ms`;
const lateness = (mean: number, most: number | undefined): string =>
  most === undefined ? ms(mean) : `${tenth(mean)}, at most ${ms(most)}`;
const percent = (value: number): string => `${Math.round(value)} %`;
const micros = (value: number): string => `${millis(value)} ms`;
const plain = grouped;

/** Above zero a count of mishaps wants a look. */
const mishaps = (label: string, value: number | undefined): Row[] =>
  row(label, value, plain, (value ?? 0) > 0 ? 'attention' : 'normal');

/** Which process runs under the id, since when, and what it is up to. */
export function processBlock(
  { worker, condition, age, identity }: WorkerRow,
  opened: RowIdentity,
  time: number | null,
): Block {
  const since = (at: number): string => (time === null ? UNKNOWN : duration(time - at));
  const other = identity.pid !== opened.pid || identity.spawned !== opened.spawned;
  const rows = [
    words('pid', worker.pid === 0 ? 'no process' : String(worker.pid)),
    ...(other ? [words('', `replaced pid ${opened.pid}, opened first`, 'attention')] : []),
    ...row('spawned', age, (seconds) => `${duration(seconds)} ago`),
    ...startRows(worker),
    words('status', `${sanitizeShort(worker.status, 24)}${acceptingText(worker)}`),
    ...stateRows(worker, condition.kind),
    ...row('generation', worker.generation, plain),
    ...row('spawns', worker.respawn_count, plain),
    ...row('next spawn', nextSpawn(worker, time), (seconds) => `in ${duration(seconds)}`),
    ...row('signals', worker.signals, (count) => `${plain(count)}${waitingSignals(worker)}`),
    ...(worker.draining ?? []).map(({ pid, in_flight, since: at }) =>
      words('draining', `pid ${pid}, ${in_flight} in flight, for ${since(at)}`, 'attention'),
    ),
  ];
  return { title: 'PROCESS', labels: LABELS, rows };
}

function startRows({ ready_at: ready = 0, last_spawn: spawned = 0 }: DecodedWorker): Row[] {
  if (ready <= 0 || spawned <= 0 || ready < spawned) return [];
  return row('ready after', ready - spawned, (seconds) => `${seconds.toFixed(1)} s`);
}

function acceptingText({ accepting, pid }: DecodedWorker): string {
  if (accepting === undefined || pid === 0) return '';
  return accepting === 0 ? ', accepts nothing' : ', accepting';
}

function stateRows({ state }: DecodedWorker, kind: WorkerKind): Row[] {
  if (state === undefined) return [];
  const blocked = kind === 'stuck';
  const text = blocked ? `${state}, its loop is blocked` : state;
  return [words('state', text, blocked ? 'alarm' : 'normal')];
}

function waitingSignals({ signal_queue: queue = 0 }: DecodedWorker): string {
  return queue > 0 ? `, ${plain(queue)} waiting` : '';
}

function nextSpawn({ next_spawn_at: at = 0 }: DecodedWorker, time: number | null) {
  return at <= 0 || time === null ? undefined : Math.max(0, at - time);
}

/** What it served, how fast, and what went wrong. */
export function workBlock(of: WorkerRow): Block {
  const { worker, rates } = of;
  const { recent_latency: recent, refused = {} } = worker;
  const told = recent !== undefined;
  const rows = [
    ...row('requests', worker.requests, (all) => `${plain(all)}${thisProcess(worker)}`),
    ...row('per second', rates.rps, tenth),
    ...row('in flight', of.inFlight ?? undefined, plain),
    ...row('waiting', of.queue ?? undefined, plain, (of.queue ?? 0) > 0 ? 'attention' : 'normal'),
    ...row('average', averageOf(of), micros),
    ...(told ? percentiles(recent) : []),
    ...row('in requests', worker.running_time, (value) => `${(value / 1e6).toFixed(1)} s`),
    ...row('sent', worker.tx, bytes),
    ...mishaps('exceptions', worker.exceptions),
    ...mishaps('harakiri', worker.harakiri_count),
    ...mishaps('lost', worker.lost),
    ...row('aborted', worker.aborted, plain),
    ...Object.entries(refused).map(([reason, count]) =>
      words('refused', `${plain(count)} ${sanitizeShort(reason, 40)}`, 'attention'),
    ),
    ...row('upgraded', worker.upgraded, plain),
  ];
  return { title: 'WORK', labels: LABELS, rows };
}

function thisProcess({ delta_requests: here, requests }: DecodedWorker): string {
  return here === undefined || here === requests ? '' : `, ${plain(here)} by this process`;
}

function percentiles(recent: NonNullable<DecodedWorker['recent_latency']>): Row[] {
  const [p50, p95, p99] = [recent.p50_us, recent.p95_us, recent.p99_us].map((value) =>
    value === null ? UNKNOWN : millis(value),
  );
  const minute = `of ${plain(recent.count)} in ${duration(recent.seconds)}`;
  return [
    words('p50 p95 p99', `${p50 ?? ''}  ${p95 ?? ''}  ${p99 ?? ''} ms`),
    words('', minute, 'dim'),
  ];
}

/** What it holds, and how much of the heap's limit that is. */
export function memoryBlock({ worker }: WorkerRow): Block {
  const { heap_used: used = 0, heap_total: total = 0, heap_limit: limit = 0 } = worker;
  const size = (value: number | null | undefined) =>
    value === undefined ? undefined : value === null ? null : measured(value);
  const rows = [
    ...row('rss', size(worker.rss), (value) => `${bytes(value)}${beside('pss', worker.pss)}`),
    ...row('uss', size(worker.uss), bytes),
    ...row('vsz', size(worker.vsz), bytes),
    ...bar('heap', used, limit, `${percent((100 * used) / limit)} of ${bytes(limit)}`),
    ...(used > 0 ? [words('', `${bytes(used)} used, ${bytes(total)} taken`)] : []),
  ];
  return { title: 'MEMORY', labels: LABELS, rows };
}

function beside(name: string, value: number | null | undefined): string {
  return value === undefined ? '' : `, ${name} ${value === null ? UNKNOWN : bytes(value)}`;
}

/** How busy its one thread of JavaScript is; empty for a server that tells nothing of it. */
export function loopBlock({ worker }: WorkerRow): Block {
  const { loop_utilization: busy, stalled_ms: stalled = 0, cpu } = worker;
  const rows = [
    ...row('cpu', cpu, percent),
    ...(busy === undefined ? [] : bar('busy', busy, 1, percent(100 * busy))),
    ...row('late', worker.loop_delay_ms, (mean) => lateness(mean, worker.loop_delay_max_ms)),
    ...row('blocked', worker.stalled_ms, ms, stalled >= STUCK_MS ? 'alarm' : 'normal'),
  ];
  return { title: 'EVENT LOOP', labels: LABELS, rows };
}
