import type { RecycleReason } from './recycle-rules.js';

/**
 * The processes that the master supervises, and the ids under which they come and go: worker, router and
 * spooler 1 to N. Readonly data; times are monotonic milliseconds.
 */

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

/** A worker that never had a process. */
export function emptySlot(id: number): WorkerSlot {
  return {
    ...{ id, processes: [], wanted: 0, spawns: 0, deaths: [], respawnAt: 0, spawning: false },
    ...{ recycleAt: 0, lastExit: null, harakiris: 0, cheap: false },
  };
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

/** Replaces one process of a worker. */
export function withProcess(slot: WorkerSlot, changed: WorkerProcess): WorkerSlot {
  return {
    ...slot,
    processes: slot.processes.map((process) => (process.pid === changed.pid ? changed : process)),
  };
}
