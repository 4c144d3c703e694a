import type {
  LastExit,
  UwsgiApp,
  UwsgiWorker,
  WorkerExtras,
  WorkerState,
  WorkerStats,
} from '../../../shared/stats.js';
import type { Totals } from '../../master/decide/registry.js';
import { shown, type WorkerProcess, type WorkerSlot } from '../../master/decide/state.js';
import type { Sample } from '../../wire/frames.js';
import { cores } from './core-stats.js';
import type { Measured, Sources } from './sources.js';

/** One worker, what is counted over all its processes, and what is known of the one to show. */
interface Subject {
  readonly slot: WorkerSlot;
  readonly totals: Totals;
  readonly process: WorkerProcess | undefined;
  readonly sample: Sample | undefined;
  readonly measured: Measured;
}

const UNMEASURED: Measured = { rss: 0, vsz: 0, cpu: null };

/** The entry of one worker: counters over all its processes, gauges of the one that serves. */
export function workerStats(slot: WorkerSlot, sources: Sources): WorkerStats {
  const process = shown(slot);
  const pid = process?.pid ?? 0;
  const subject: Subject = {
    slot,
    totals: sources.registry.totals(slot.id),
    process,
    sample: sources.registry.sample(pid),
    measured: sources.measured(pid) ?? UNMEASURED,
  };
  return { ...uwsgiPart(subject, sources), ...extras(subject, sources) };
}

function uwsgiPart(subject: Subject, sources: Sources): UwsgiWorker {
  const { slot, totals, process, sample, measured } = subject;
  return {
    id: slot.id,
    ...processPart(process, sources.state.paused),
    requests: totals.requests,
    delta_requests: sample?.requests ?? 0,
    exceptions: totals.exceptions,
    harakiri_count: slot.harakiris,
    signals: 0,
    signal_queue: 0,
    status: statusOf(subject, sources),
    rss: measured.rss,
    vsz: measured.vsz,
    running_time: totals.runningTime,
    last_spawn: process === undefined ? 0 : epoch(sources, process.spawnedAt),
    respawn_count: slot.spawns,
    tx: totals.tx,
    avg_rt: sample?.averageTime ?? 0,
    apps: apps(subject, sources),
    cores: cores(sources.registry.cores(slot.id), sample),
  };
}

function processPart(
  process: WorkerProcess | undefined,
  paused: boolean,
): Pick<UwsgiWorker, 'pid' | 'accepting'> {
  if (process === undefined) return { pid: 0, accepting: 0 };
  return { pid: process.pid, accepting: process.state === 'ready' && !paused ? 1 : 0 };
}

/** uWSGI's word, in its order: what is cheap or paused is not busy or idle. */
function statusOf({ slot, process, sample }: Subject, { state }: Sources): string {
  if (slot.cheap && process === undefined) return 'cheap';
  if (isBusy(sample)) return 'busy';
  return state.paused && process?.state === 'ready' ? 'pause' : 'idle';
}

function isBusy(sample: Sample | undefined): boolean {
  return sample !== undefined && sample.inFlight > 0;
}

/** Whole seconds since 1970 of a monotonic time. */
function epoch(sources: Sources, monotonic: number): number {
  return Math.floor(sources.wallMs(monotonic) / 1000);
}

function apps({ process, totals }: Subject, { identity }: Sources): UwsgiApp[] {
  if (process?.app !== true) return [];
  return [
    {
      id: 0,
      modifier1: 0,
      mountpoint: '',
      startup_time: Math.floor(process.loadedInMs / 1000),
      requests: totals.requests,
      exceptions: totals.exceptions,
      chdir: identity.cwd,
    },
  ];
}

function extras(subject: Subject, sources: Sources): WorkerExtras {
  const { slot, process, totals, measured } = subject;
  return {
    state: stateOf(slot, process, sources.now),
    generation: process?.incarnation ?? slot.wanted,
    ...gauges(subject.sample),
    aborted: totals.aborted,
    lost: totals.lost,
    cpu: measured.cpu,
    ready_at: readyAt(process, sources),
    latency: {
      count: totals.buckets.reduce((sum, [, count]) => sum + count, 0),
      sum_us: totals.runningTime,
      buckets: totals.buckets.map(([bucket, count]) => [bucket, count]),
    },
    last_exit: lastExit(slot, sources),
    draining: draining(subject, sources),
    next_spawn_at: isHeldBack(slot, process, sources.now)
      ? sources.wallMs(slot.respawnAt) / 1000
      : 0,
    loop_utilization: subject.sample?.loop ?? 0,
  };
}

type Gauges = Pick<WorkerExtras, 'in_flight' | 'queue_depth' | 'upgraded' | 'stalled_ms'>;

function gauges(sample: Sample | undefined): Gauges {
  if (sample === undefined) return { in_flight: 0, queue_depth: 0, upgraded: 0, stalled_ms: 0 };
  return {
    in_flight: sample.inFlight,
    queue_depth: sample.queued,
    upgraded: sample.upgraded,
    stalled_ms: sample.stalledMs,
  };
}

function readyAt(process: WorkerProcess | undefined, sources: Sources): number {
  return process?.readyAt == null ? 0 : sources.wallMs(process.readyAt) / 1000;
}

function draining({ slot, process }: Subject, sources: Sources): WorkerExtras['draining'] {
  return slot.processes
    .filter(({ pid, state }) => pid !== process?.pid && state !== 'starting')
    .map(({ pid, endingSince, spawnedAt }) => ({
      pid,
      in_flight: sources.registry.sample(pid)?.inFlight ?? 0,
      since: epoch(sources, endingSince ?? spawnedAt),
    }));
}

function stateOf(slot: WorkerSlot, process: WorkerProcess | undefined, now: number): WorkerState {
  switch (process?.state) {
    case 'starting':
      return 'starting';
    case 'ready':
      return 'ready';
    case 'draining':
    case 'ending':
      return 'draining';
    case undefined:
      if (slot.cheap) return 'cheap';
      return isHeldBack(slot, process, now) ? 'backoff' : 'dead';
  }
}

/** Whether the next process waits for its time. */
function isHeldBack(slot: WorkerSlot, process: WorkerProcess | undefined, now: number): boolean {
  return process === undefined && !slot.cheap && slot.respawnAt > now;
}

function lastExit(slot: WorkerSlot, sources: Sources): LastExit | null {
  if (slot.lastExit === null) return null;
  const { pid, code, signal, reason, at, stderr } = slot.lastExit;
  return { pid, code, signal, reason, at: epoch(sources, at), stderr: [...stderr] };
}
