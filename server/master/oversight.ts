import { logSettings } from '../options/request-log.js';
import type { Options } from '../options/table.js';
import type { MasterFrame } from '../wire/frames.js';
import type { ServedSocket } from './bind.js';
import type { MasterEvent } from './decide/events.js';
import { createLatencyWindow, type LatencyWindow } from './decide/latency-window.js';
import type { Registry } from './decide/registry.js';
import { createSilenceWatch } from './decide/silence.js';
import type { MasterState } from './decide/state.js';
import { createFreshness } from './freshness.js';
import { loadEvent } from './loads.js';
import { createMeasuring, type Measuring } from './measuring.js';
import { createMemoryBook, type MemoryBook } from './memory-history.js';
import { notedProcesses } from './memory-page.js';
import type { Companions } from './companions.js';
import { looksAtFigures, looksAtOwnMemory, measurements } from './recycling.js';
import { createRequestTotal } from './request-total.js';

/** What the master sees of its processes without being told an event, and whom it tells of it. */
export interface Oversight {
  /** What the kernel knows of sockets and processes. */
  readonly measuring: Measuring;
  readonly latencies: LatencyWindow;
  /** What the processes took over the last hour. */
  readonly memory: MemoryBook;
  born(pid: number): void;
  /** A process gave a sign of life. */
  heard(pid: number): void;
  gone(pid: number): void;
  /** Somebody wants the figures now. */
  readonly wanted: () => void;
  /** Something has happened after which the figures are others. */
  readonly anew: () => void;
  /** What every process has to do. */
  load(): MasterEvent;
  /** What the rules of recycling ask for; null without a rule. */
  measured(): MasterEvent | null;
  /** To be called once a second: what is measured, who is silent, what rules and workers want to know. */
  look(): void;
}

/** What the oversight works on. */
export interface Overseen {
  /** Those that hold now. */
  readonly options: () => Options;
  /** Those that clients connect to. */
  readonly sockets: readonly ServedSocket[];
  readonly companions: Pick<Companions, 'pids' | 'look' | 'queued'>;
  readonly registry: Registry;
  readonly state: () => MasterState;
  /** All processes of workers. */
  readonly pids: () => readonly number[];
  readonly post: (event: MasterEvent) => void;
  readonly send: (pid: number, frame: MasterFrame) => void;
  /** Whether somebody has read the stats lately. */
  readonly isRead: () => boolean;
}

export function createOversight(overseen: Overseen): Oversight {
  const { options, registry, state, pids } = overseen;
  const now = (): number => performance.now();
  const measuring = createMeasuring(overseen.sockets, options().listen);
  const latencies = createLatencyWindow();
  const memory = createMemoryBook();
  const silence = createSilenceWatch(() => options()['worker-stall'] * 1000);
  const total = requestTotalOf(overseen);
  const freshness = createFreshness(
    () => {
      measureAll(overseen, measuring);
      memory.note(now(), () => notedProcesses(state(), registry, measuring));
    },
    () => looksAtFigures(state().settings, options()),
    now,
  );
  const load = (): MasterEvent =>
    loadEvent(state(), registry, measuring, overseen.companions.queued());
  return {
    measuring,
    latencies,
    memory,
    born(pid) {
      silence.born(pid, now());
    },
    heard(pid) {
      silence.heard(pid, now());
    },
    gone(pid) {
      silence.forget(pid);
      total.forget(pid);
    },
    wanted: freshness.wanted,
    anew: freshness.anew,
    load,
    measured: () =>
      state().settings.recycling === undefined
        ? null
        : { type: 'measured', processes: measurements(pids(), registry, measuring.process) },
    look() {
      freshness.look();
      overseen.companions.look();
      for (const { pid, silentMs } of silence.look(now())) {
        overseen.post({ type: 'stalled', pid, silentMs });
      }
      lookAtOwnMemory(overseen, measuring);
      for (const { id } of state().slots) {
        latencies.look(id, registry.ownTotals(id).buckets, now());
      }
      tellListenQueue(overseen, measuring);
      if (state().settings.cheaper !== undefined) overseen.post(load());
      if (logSettings(options()) !== null) total.tell(pids());
    },
  };
}

function requestTotalOf({ registry, send }: Overseen): ReturnType<typeof createRequestTotal> {
  return createRequestTotal(
    () => registry.requests(),
    (pid) => registry.sample(pid)?.requests ?? 0,
    (pid, requests) => {
      send(pid, { type: 'others', requests });
    },
  );
}

function measureAll(overseen: Overseen, measuring: Measuring): void {
  measuring.measureSockets();
  measuring.measureProcesses(allPids(overseen));
}

function allPids({ pids, companions }: Overseen): readonly number[] {
  return [...pids(), ...companions.pids()];
}

/** What only a process itself takes costs more to find out than all else. */
function lookAtOwnMemory(overseen: Overseen, measuring: Measuring): void {
  const { options, isRead } = overseen;
  if (looksAtOwnMemory(options()) || isRead()) measuring.measureSomeMemory(allPids(overseen));
}

/** For the workers whose --harakiri waits for a queue. */
function tellListenQueue({ options, pids, send }: Overseen, measuring: Measuring): void {
  if (options()['harakiri-queue-threshold'] === 0) return;
  const length = measuring.listenQueue();
  for (const pid of pids()) send(pid, { type: 'listen-queue', length });
}
