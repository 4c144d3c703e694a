import type { EventRecord, HarakiriRecord } from '../../../shared/stats.js';
import type { RecycleReason } from './recycle-rules.js';
import { type ConfigState, configAtStart } from './config-state.js';
import { CHEAPER_AT_START, type CheaperMemory } from './cheaper/memory.js';
import type { WorkerLoad } from './events.js';
import type { Settings } from './settings.js';
import type { SpoolerSettings } from './spoolers/spooler-settings.js';

export type { Settings } from './settings.js';

/** The master's picture of its workers, as readonly data. Times are monotonic milliseconds. */

/**
 * - `starting`: spawned, loads the application
 * - `ready`: accepts connections
 * - `draining`: accepts no more, finishes what it has
 * - `ending`: was told to exit at once
 */
export type ProcessState = 'starting' | 'ready' | 'draining' | 'ending';

/** What workers and routers have in common. */
export interface SupervisedProcess {
  readonly pid: number;
  readonly state: ProcessState;
  /** The `wanted` of its worker or router when it was spawned: an older one is to be replaced. */
  readonly incarnation: number;
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

export interface WorkerProcess extends SupervisedProcess {
  readonly app: boolean;
  /** How long loading the application took; 0 before it is ready. */
  readonly loadedInMs: number;
  /** Why it is to be replaced without anybody having asked; null while it is not. */
  readonly due: Due | null;
  /** The least bytes that it took since it is old enough to be replaced for them; null before. */
  readonly leastMemory: number | null;
  /** Whether a request of it took too long: then it is to be replaced. */
  readonly harakiri: boolean;
}

/** A process meets a rule under which it is replaced. */
export interface Due extends RecycleReason {
  readonly at: number;
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
  /** Its process is not recycled before: a replacement has failed. */
  readonly recycleAt: number;
  readonly lastExit: ProcessExit | null;
  /** How many of its processes had a request that took too long. */
  readonly harakiris: number;
  /** Whether no process is wanted under this id, since fewer workers are. */
  readonly cheap: boolean;
}

/** A process that takes the requests of `--http` and hands them to the workers. */
export interface RouterProcess extends SupervisedProcess {
  /** Whether it drains and has nothing left but tunnels. */
  readonly lingers: boolean;
}

/** A router by its number; supervised as a worker is, but never cheap and never recycled. */
export interface RouterSlot extends Pick<
  WorkerSlot,
  'id' | 'wanted' | 'spawns' | 'deaths' | 'respawnAt' | 'spawning' | 'lastExit'
> {
  readonly processes: readonly RouterProcess[];
}

/** A process that runs tasks of a queue. */
export interface SpoolerProcess extends SupervisedProcess {
  /** Whether it was told to claim tasks. */
  readonly works: boolean;
}

/** A spooler by its number; supervised as a router is. */
export interface SpoolerSlot extends Omit<RouterSlot, 'processes'> {
  /** Which queue it has, from 0 in the order of `--spooler`. */
  readonly queue: number;
  readonly processes: readonly SpoolerProcess[];
  /** How many of its processes were killed for a task that took too long. */
  readonly harakiris: number;
}

/** How a process of a worker ended. */
export interface ProcessExit {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: string | null;
  readonly reason: string;
  readonly at: number;
  /** The last lines that the application wrote to stderr. */
  readonly stderr: readonly string[];
}

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

/** A worker that never had a process. */
export function emptySlot(id: number): WorkerSlot {
  return {
    ...{ id, processes: [], wanted: 0, spawns: 0, deaths: [], respawnAt: 0, spawning: false },
    ...{ recycleAt: 0, lastExit: null, harakiris: 0, cheap: false },
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

/** What the processes of workers, routers and spoolers are found by. */
export interface Slot<P> {
  readonly processes: readonly P[];
  readonly spawning: boolean;
}

/** The process that serves under an id: the newest that is ready. */
export function serving<P extends SupervisedProcess>(slot: Slot<P>): P | undefined {
  return slot.processes.findLast((process) => process.state === 'ready');
}

/** The process that is being started under an id. */
export function starting<P extends SupervisedProcess>(slot: Slot<P>): P | undefined {
  return slot.processes.findLast((process) => process.state === 'starting');
}

/** Whether a process is being spawned under an id, or loads what it needs. */
export function isUnderWay(slot: Slot<SupervisedProcess>): boolean {
  return slot.spawning || starting(slot) !== undefined;
}

/** Whether what serves under an id is as new as wanted. */
export function isCurrent(slot: Slot<SupervisedProcess> & { readonly wanted: number }): boolean {
  return (serving(slot)?.incarnation ?? -1) >= slot.wanted;
}

/** The process to show for an id: what serves, else what starts, else what is left. */
export function shown<P extends SupervisedProcess>(slot: Slot<P>): P | undefined {
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
