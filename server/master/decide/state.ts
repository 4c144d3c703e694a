import type { EventRecord, HarakiriRecord } from '../../../shared/stats.js';
import { type ConfigState, configAtStart } from './config-state.js';
import { CHEAPER_AT_START, type CheaperMemory } from './cheaper/memory.js';
import type { WorkerLoad } from './events.js';
import type { Settings } from './settings.js';
import { emptySlot, type RouterSlot, type SpoolerSlot, type WorkerSlot } from './slots.js';
import type { SpoolerSettings } from './spoolers/spooler-settings.js';

export type { Settings } from './settings.js';

/** The master's picture of its workers, as readonly data. Times are monotonic milliseconds. */

/** The reload of all workers that runs. */
export interface Reload {
  /** Who waits for its outcome; it grows when a reload is asked for while one runs. */
  readonly orders: readonly number[];
  readonly startedAt: number;
  /** Set when one worker is replaced after the other. */
  readonly chain: Chain | null;
  /** How many processes had to be killed so far. */
  readonly forced: number;
}

/** How far a chain reload is. */
export interface Chain {
  /** The worker that is being replaced; null before the first. */
  readonly victim: number | null;
  /** When the log was last told of it. */
  readonly saidAt: number;
}

/** The reload of all workers that ended last; what is shown when none runs. */
export interface ReloadEnd {
  readonly state: 'none' | 'done' | 'abandoned';
  readonly replaced: number;
  readonly reason: string;
  readonly at: number;
}

/** How the last start of a new master ended; what is shown when none runs. */
export interface UpgradeEnd {
  readonly state: 'none' | 'done' | 'abandoned';
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

/** A `scale` whose requester waits until that many workers serve. */
export interface PendingScale {
  readonly order: number;
  readonly at: number;
}

/** Something that happened, and when. */
export interface EventOfMaster extends Omit<EventRecord, 'time'> {
  readonly at: number;
}

export interface MasterState {
  readonly phase: 'running' | 'stopping' | 'halted';
  /** More than `most` where there were more before; those are never wanted. */
  readonly slots: readonly WorkerSlot[];
  /** How many workers there may be: `--processes`. */
  readonly most: number;
  readonly config: ConfigState;
  /** Empty without `--http`. */
  readonly routers: readonly RouterSlot[];
  /** Empty without `--spooler`. */
  readonly spoolers: readonly SpoolerSlot[];
  /** Whether spoolers claim nothing yet, since an old master still serves. */
  readonly spoolersWait: boolean;
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
  /** Requests that took too long, the last ones, oldest first. */
  readonly harakiris: readonly HarakiriRecord[];
  /** What else happened that is kept, the last ones, oldest first. */
  readonly events: readonly EventOfMaster[];
  /** Whether the workers accept nothing until they are told to go on. */
  readonly paused: boolean;
  readonly scales: readonly PendingScale[];
  /** What the serving processes had to do when that was last looked at. */
  readonly loads: readonly WorkerLoad[];
  readonly cheaper: CheaperMemory;
  /** When it was said last that a memory budget cannot be kept; null before. */
  readonly budgetToldAt: number | null;
  /** The new master that is being started; null when there is none. */
  readonly upgrade: Upgrade | null;
  readonly lastUpgrade: UpgradeEnd;
  readonly stop: Stop;
}

/** The end of the instance. */
export interface Stop {
  /** Who waits for it. */
  readonly orders: readonly number[];
  /** When it was asked for first. */
  readonly since: number;
  /** How many processes there were. */
  readonly processes: number;
  /** The pids of those that were killed, since they did not go in time. */
  readonly forced: readonly number[];
}

/** A new master on its way. */
export interface Upgrade {
  /** Whether it serves already, so that only this one has to leave. */
  readonly handedOver: boolean;
  /** When it is given up if its workers are not ready. */
  readonly deadline: number;
}

/** A master that has spawned nothing yet; on trial while an old one serves. */
export function initialState(
  workers: number,
  settings: Settings,
  routers = 0,
  isOnTrial = false,
): MasterState {
  return {
    phase: 'running',
    slots: Array.from({ length: workers }, (_, index) => ({
      ...emptySlot(index + 1),
      cheap: index >= (settings.cheaper?.initial ?? workers),
    })),
    most: workers,
    config: configAtStart([], 0),
    routers: Array.from({ length: routers }, (_, index) => ({
      ...{ id: index + 1, processes: [], wanted: 0, spawns: 0, deaths: [] },
      ...{ respawnAt: 0, spawning: false, lastExit: null },
    })),
    spoolers: initialSpoolers(settings.spoolers),
    spoolersWait: isOnTrial,
    generation: 0,
    reload: null,
    lastReload: { state: 'none', replaced: 0, reason: '', at: 0 },
    kills: [],
    reloads: [],
    booted: false,
    exitCode: 0,
    settings,
    harakiris: [],
    events: [],
    paused: false,
    scales: [],
    loads: [],
    cheaper: CHEAPER_AT_START,
    budgetToldAt: null,
    upgrade: null,
    lastUpgrade: { state: 'none', reason: '', at: 0 },
    stop: { orders: [], since: 0, processes: 0, forced: [] },
  };
}

/** The spoolers at the start of a master; none without settings. */
function initialSpoolers(settings: SpoolerSettings | undefined): readonly SpoolerSlot[] {
  const { queues, processes } = settings ?? { queues: 0, processes: 0 };
  return Array.from({ length: queues * processes }, (_, index) => ({
    id: index + 1,
    queue: Math.floor(index / processes),
    processes: [],
    wanted: 0,
    spawns: 0,
    deaths: [],
    respawnAt: 0,
    spawning: false,
    lastExit: null,
    harakiris: 0,
  }));
}

/** The workers that are wanted. */
export function active(state: MasterState): readonly WorkerSlot[] {
  return state.slots.filter(({ cheap }) => !cheap);
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
