/** The master's picture of its workers, as readonly data. Times are monotonic milliseconds. */

/**
 * - `starting`: spawned, loads the application
 * - `ready`: accepts connections
 * - `draining`: accepts no more, finishes what it has
 * - `ending`: was told to exit at once
 */
export type ProcessState = 'starting' | 'ready' | 'draining' | 'ending';

export interface WorkerProcess {
  readonly pid: number;
  readonly state: ProcessState;
  /** The worker's `wanted` when it was spawned: an older one is to be replaced. */
  readonly incarnation: number;
  readonly app: boolean;
  /** How long loading the application took; 0 before it is ready. */
  readonly loadedInMs: number;
  readonly spawnedAt: number;
  /** When it became ready; null before. */
  readonly readyAt: number | null;
  /** When it is killed if it is still there; null without a limit. */
  readonly deadline: number | null;
  /** Since when it drains or ends. */
  readonly endingSince: number | null;
  /** Why it ends, for `last_exit`; empty while nobody asked it to. */
  readonly reason: string;
}

export interface WorkerSlot {
  readonly id: number;
  /** In the order they were spawned; more than one while a replacement starts or an old one drains. */
  readonly processes: readonly WorkerProcess[];
  /** Rises with each reload of this worker. */
  readonly wanted: number;
  readonly spawns: number;
  /** Deaths nobody asked for that still count. */
  readonly deaths: readonly number[];
  /** No process is spawned before. */
  readonly respawnAt: number;
  /** Whether a spawn was ordered and has not been reported yet. */
  readonly spawning: boolean;
  readonly lastExit: ProcessExit | null;
}

/** How a process of a worker ended. */
export interface ProcessExit {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: string | null;
  readonly reason: string;
  readonly at: number;
}

/** The reload of all workers that runs. */
export interface Reload {
  /** Who waits for its outcome; it grows when a reload is asked for while one runs. */
  readonly orders: readonly number[];
  readonly startedAt: number;
}

/** The reload of all workers that ended last; what is shown when none runs. */
export interface ReloadEnd {
  readonly state: 'none' | 'done' | 'abandoned';
  readonly replaced: number;
  readonly reason: string;
  readonly at: number;
}

/** A `kill` whose requester waits for the process to be gone and replaced. */
export interface PendingKill {
  readonly order: number;
  readonly worker: number;
  readonly pid: number;
  readonly what: string;
  readonly at: number;
  readonly goneAt: number | null;
}

/** A `reload-worker` whose requester waits. */
export interface PendingReload {
  readonly order: number;
  readonly worker: number;
  readonly wanted: number;
  readonly at: number;
}

export interface MasterState {
  readonly phase: 'running' | 'stopping' | 'halted';
  readonly slots: readonly WorkerSlot[];
  /** Completed reloads of all workers. */
  readonly generation: number;
  readonly reload: Reload | null;
  readonly lastReload: ReloadEnd;
  readonly kills: readonly PendingKill[];
  readonly reloads: readonly PendingReload[];
  /** Whether a worker was ever ready: before that, a failure ends the boot. */
  readonly booted: boolean;
  readonly exitCode: number;
  readonly settings: Settings;
  /** The new master that is being started; null when there is none. */
  readonly upgrade: Upgrade | null;
}

/** A new master on its way. */
export interface Upgrade {
  /** Whether it serves already, so that only this one has to leave. */
  readonly handedOver: boolean;
  /** When it is given up if its workers are not ready. */
  readonly deadline: number;
}

export interface Settings {
  /** How long a process may drain. */
  readonly mercyMs: number;
  /** `cores:` in the spawn log line. */
  readonly cores: number;
}

/** A master that has spawned nothing yet. */
export function initialState(workers: number, settings: Settings): MasterState {
  return {
    phase: 'running',
    slots: Array.from({ length: workers }, (_, index) => ({
      id: index + 1,
      processes: [],
      wanted: 0,
      spawns: 0,
      deaths: [],
      respawnAt: 0,
      spawning: false,
      lastExit: null,
    })),
    generation: 0,
    reload: null,
    lastReload: { state: 'none', replaced: 0, reason: '', at: 0 },
    kills: [],
    reloads: [],
    booted: false,
    exitCode: 0,
    settings,
    upgrade: null,
  };
}

/** The process that serves under a worker id: the newest that is ready. */
export function serving(slot: WorkerSlot): WorkerProcess | undefined {
  return slot.processes.findLast((process) => process.state === 'ready');
}

/** The process that is being started under a worker id. */
export function starting(slot: WorkerSlot): WorkerProcess | undefined {
  return slot.processes.findLast((process) => process.state === 'starting');
}

/** The process to show for a worker: what serves, else what starts, else what is left. */
export function shown(slot: WorkerSlot): WorkerProcess | undefined {
  return serving(slot) ?? starting(slot) ?? slot.processes.at(-1);
}

/** Finds the worker that a process belongs to. */
export function slotOf(state: MasterState, pid: number): WorkerSlot | undefined {
  return state.slots.find((slot) => slot.processes.some((process) => process.pid === pid));
}

/** Replaces one worker. */
export function withSlot(state: MasterState, changed: WorkerSlot): MasterState {
  return {
    ...state,
    slots: state.slots.map((slot) => (slot.id === changed.id ? changed : slot)),
  };
}

/** Replaces one process of a worker. */
export function withProcess(slot: WorkerSlot, changed: WorkerProcess): WorkerSlot {
  return {
    ...slot,
    processes: slot.processes.map((process) => (process.pid === changed.pid ? changed : process)),
  };
}
