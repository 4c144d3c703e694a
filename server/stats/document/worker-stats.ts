import type {
  LastExit,
  UwsgiApp,
  UwsgiCore,
  WorkerExtras,
  WorkerState,
  WorkerStats,
} from '../../../shared/stats.js';
import type { Totals } from '../../master/decide/registry.js';
import { shown, type WorkerProcess, type WorkerSlot } from '../../master/decide/state.js';
import type { FlightSample, Sample } from '../../wire/frames.js';
import type { Measured, Sources } from './snapshot.js';

/** One worker's process, and what is known of it. */
interface Subject {
  readonly slot: WorkerSlot;
  readonly process: WorkerProcess | undefined;
  readonly sample: Sample | undefined;
  readonly totals: Totals;
  readonly measured: Measured | undefined;
}

/** The entry of one worker: counters over all its processes, gauges of the one that serves. */
export function workerStats(slot: WorkerSlot, sources: Sources): WorkerStats {
  const process = shown(slot);
  const subject: Subject = {
    slot,
    process,
    sample: process === undefined ? undefined : sources.registry.sample(process.pid),
    totals: sources.registry.totals(slot.id),
    measured: process === undefined ? undefined : sources.measured(process.pid),
  };
  const { totals, sample, measured } = subject;
  return {
    id: slot.id,
    pid: process?.pid ?? 0,
    accepting: process?.state === 'ready' ? 1 : 0,
    requests: totals.requests,
    delta_requests: sample?.requests ?? 0,
    exceptions: totals.exceptions,
    harakiri_count: 0,
    signals: 0,
    signal_queue: 0,
    status: (sample?.inFlight ?? 0) > 0 ? 'busy' : 'idle',
    rss: measured?.rss ?? 0,
    vsz: measured?.vsz ?? 0,
    running_time: totals.runningTime,
    last_spawn: process === undefined ? 0 : epoch(sources, process.spawnedAt),
    respawn_count: slot.spawns,
    tx: totals.tx,
    avg_rt: sample?.averageTime ?? 0,
    apps: apps(subject, sources),
    cores: cores(sample),
    ...extras(subject, sources),
  };
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

function cores(sample: Sample | undefined): UwsgiCore[] {
  const flights = new Map(sample?.flights.map((flight) => [flight.core, flight]));
  return (sample?.cores ?? [0]).map((requests, id) => core(id, requests, flights.get(id)));
}

function core(id: number, requests: number, flight: FlightSample | undefined): UwsgiCore {
  return {
    id,
    requests,
    static_requests: 0,
    routed_requests: 0,
    offloaded_requests: 0,
    write_errors: 0,
    read_errors: 0,
    in_request: flight === undefined ? 0 : 1,
    vars: flight === undefined ? [] : vars(flight),
    req_info: flight === undefined ? {} : { request_start: flight.started },
  };
}

/** Only what names the request: no header, and so no secret of a header, is ever here. */
function vars({ method, uri, peer }: FlightSample): string[] {
  return [`REQUEST_METHOD=${method}`, `REQUEST_URI=${uri}`, `REMOTE_ADDR=${peer}`, ''];
}

function extras(subject: Subject, sources: Sources): WorkerExtras {
  const { slot, process, sample, totals, measured } = subject;
  const { registry } = sources;
  return {
    state: stateOf(slot, process, sources.now),
    generation: process?.incarnation ?? slot.wanted,
    in_flight: sample?.inFlight ?? 0,
    queue_depth: sample?.queued ?? 0,
    aborted: totals.aborted,
    upgraded: sample?.upgraded ?? 0,
    cpu: measured?.cpu ?? null,
    stalled_ms: sample?.stalledMs ?? 0,
    ready_at: process?.readyAt == null ? 0 : sources.wallMs(process.readyAt) / 1000,
    latency: {
      count: totals.buckets.reduce((sum, [, count]) => sum + count, 0),
      sum_us: totals.latencySum,
      buckets: totals.buckets.map(([bucket, count]) => [bucket, count]),
    },
    last_exit: lastExit(slot, sources),
    draining: slot.processes
      .filter((other) => other.pid !== process?.pid && other.state !== 'starting')
      .map((other) => ({
        pid: other.pid,
        in_flight: registry.sample(other.pid)?.inFlight ?? 0,
        since: epoch(sources, other.endingSince ?? other.spawnedAt),
      })),
  };
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
      return slot.respawnAt > now ? 'backoff' : 'dead';
  }
}

function lastExit(slot: WorkerSlot, sources: Sources): LastExit | null {
  if (slot.lastExit === null) return null;
  const { pid, code, signal, reason, at } = slot.lastExit;
  return { pid, code, signal, reason, at: epoch(sources, at) };
}
