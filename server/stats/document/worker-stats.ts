import { total } from '../../../shared/histogram.js';
import type {
  LastExit,
  Latency,
  UwsgiApp,
  UwsgiCore,
  WorkerExtras,
  WorkerState,
  WorkerStats,
} from '../../../shared/stats.js';
import type { Totals } from '../../master/decide/totals.js';
import { shown, type WorkerProcess, type WorkerSlot } from '../../master/decide/slots.js';
import type { Sample } from '../../wire/sample-frames.js';
import { cores } from './core-stats.js';
import { type InsideStats, insideStats } from './memory-stats.js';
import type { Measured, Sources } from './sources.js';

/** One worker, what is counted over all its processes, and what is known of the one to show. */
interface Subject {
  readonly slot: WorkerSlot;
  readonly totals: Totals;
  readonly process: WorkerProcess | undefined;
  readonly pid: number;
  readonly sample: Sample | undefined;
  readonly told: typeof NOTHING;
  readonly inside: InsideStats;
  readonly measured: Measured;
}

const UNMEASURED: Measured = {
  ...{ rss: 0, vsz: 0, cpu: null, uss: null, pss: null, shared: null, swap: null },
};

/** What a process has counted that has told nothing yet. */
const NOTHING: Omit<Sample, 'type' | 'buckets' | 'cores' | 'statics' | 'flights' | 'refused'> = {
  ...{ requests: 0, exceptions: 0, aborted: 0, tx: 0, runningTime: 0, averageTime: 0 },
  ...{ inFlight: 0, queued: 0, upgraded: 0, stalledMs: 0, heap: 0, heapTotal: 0, heapLimit: 0 },
  ...{ loop: 0, loopDelay: 0, loopDelayMax: 0, inside: null },
};

/** The entry of one worker: counters over all its processes, gauges of the one that serves. */
export function workerStats(slot: WorkerSlot, sources: Sources): WorkerStats {
  const worker = entryOf(subjectOf(slot, sources), sources);
  if (!sources.scope.cores) delete worker.cores;
  return worker;
}

function subjectOf(slot: WorkerSlot, sources: Sources): Subject {
  const process = shown(slot);
  const pid = process?.pid ?? 0;
  const sample = sources.registry.sample(pid);
  const told = sample ?? NOTHING;
  const totals = sources.registry.totals(slot.id);
  const inside = insideStats(told.inside, sources.sharedNow);
  const measured = sources.measured(pid) ?? UNMEASURED;
  return { slot, totals, process, pid, sample, told, inside, measured };
}

/**
 * It is written as one literal: an object that is put together from several is a hash table for V8,
 * and a thousand of those take ten times as long to make and to write.
 */
function entryOf(subject: Subject, sources: Sources): WorkerStats {
  const { slot, process, pid, totals, sample, told, inside, measured } = subject;
  return {
    id: slot.id,
    pid,
    accepting: isAccepting(process, sources) ? 1 : 0,
    requests: totals.requests,
    delta_requests: told.requests,
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
    avg_rt: told.averageTime,
    apps: apps(subject, sources),
    cores: sources.scope.cores ? coresOf(slot.id, sample, sources) : [],
    state: stateOf(slot, process, sources.now),
    generation: process?.incarnation ?? slot.wanted,
    in_flight: told.inFlight,
    queue_depth: told.queued,
    aborted: totals.aborted,
    lost: totals.lost,
    upgraded: told.upgraded,
    cpu: measured.cpu,
    stalled_ms: told.stalledMs,
    ready_at: readyAt(process, sources),
    latency: latency(totals),
    last_exit: lastExit(slot, sources),
    draining: draining(subject, sources),
    next_spawn_at: nextSpawnAt(subject, sources),
    loop_utilization: told.loop,
    loop_delay_ms: told.loopDelay,
    loop_delay_max_ms: told.loopDelayMax,
    heap_used: told.heap,
    heap_total: told.heapTotal,
    heap_limit: told.heapLimit,
    uss: measured.uss,
    pss: measured.pss,
    recent_latency: sources.latencies.recent(slot.id),
    refused: totals.refused.length === 0 ? {} : Object.fromEntries(totals.refused),
    shared: measured.shared,
    swap: measured.swap,
    external: inside.external,
    array_buffers: inside.array_buffers,
    malloced: inside.malloced,
    native_contexts: inside.native_contexts,
    detached_contexts: inside.detached_contexts,
    handles: inside.handles,
    active_requests: inside.active_requests,
    heap_spaces: inside.heap_spaces,
    gc: inside.gc,
    inside_age_ms: inside.inside_age_ms,
  };
}

function isAccepting(process: WorkerProcess | undefined, { state }: Sources): boolean {
  return process?.state === 'ready' && !state.paused;
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

/** The registry gives the same totals until they change. */
const latencies = new WeakMap<Totals, Latency>();

function latency(totals: Totals): Latency {
  const known = latencies.get(totals);
  if (known !== undefined) return known;
  const { buckets, runningTime } = totals;
  const made = { count: total(buckets), sum_us: runningTime, buckets };
  latencies.set(totals, made);
  return made;
}

function readyAt(process: WorkerProcess | undefined, sources: Sources): number {
  return process?.readyAt == null ? 0 : sources.wallMs(process.readyAt) / 1000;
}

function nextSpawnAt({ slot, process }: Subject, sources: Sources): number {
  return isHeldBack(slot, process, sources.now) ? sources.wallMs(slot.respawnAt) / 1000 : 0;
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

function coresOf(
  id: number,
  sample: Sample | undefined,
  { registry, scope }: Sources,
): UwsgiCore[] {
  return cores({ counts: registry.cores(id), statics: registry.statics(id) }, sample, scope);
}
