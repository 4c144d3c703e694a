import type { MasterEffect, Severity } from './events.js';
import type { SupervisedProcess, WorkerProcess } from './slots.js';
import type { MasterState } from './state.js';

/** What every decision returns: the next state, and what is to be done. */
export type Decision = readonly [MasterState, readonly MasterEffect[]];

/** A process that was just spawned. */
export function newProcess(pid: number, incarnation: number, now: number): WorkerProcess {
  return {
    pid,
    state: 'starting',
    incarnation,
    app: false,
    loadedInMs: 0,
    spawnedAt: now,
    readyAt: null,
    deadline: null,
    endingSince: null,
    reason: '',
    due: null,
    leastMemory: null,
    harakiri: false,
  };
}

/** Lets a process finish its requests; it is killed after `mercyMs`. */
export function draining<P extends SupervisedProcess>(
  process: P,
  why: { readonly reason: string; readonly mercyMs: number },
  now: number,
): P {
  return {
    ...process,
    state: 'draining',
    reason: why.reason,
    endingSince: now,
    deadline: now + why.mercyMs,
  };
}

/** How long a process gets to exit when it is told to do so at once. */
export const EXIT_MERCY_MS = 2000;

/** Ends a process at once; it is killed if it does not obey. Asking again does not put that off. */
export function ending<P extends SupervisedProcess>(process: P, reason: string, now: number): P {
  return {
    ...process,
    state: 'ending',
    reason: process.reason === '' ? reason : process.reason,
    endingSince: process.endingSince ?? now,
    deadline: Math.min(process.deadline ?? Infinity, now + EXIT_MERCY_MS),
  };
}

/**
 * Whether a process that was found blocked or stopped has been killed and is not gone yet: its
 * successor comes after it, in the log too. One that the kernel does not end, since it waits for a
 * disk, is not waited for.
 */
export function isDying({ state, reason, endingSince }: SupervisedProcess, now: number): boolean {
  const isKilled = state === 'ending' && (reason === 'harakiri' || reason === 'stall');
  return isKilled && endingSince !== null && now - endingSince < EXIT_MERCY_MS;
}

/** A line for the log; `info` unless it is said. */
export function log(line: string, severity?: Severity): MasterEffect {
  return severity === undefined ? { type: 'log', line } : { type: 'log', line, severity };
}

/** Milliseconds as seconds with one decimal, for messages. */
export function seconds(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(1);
}
