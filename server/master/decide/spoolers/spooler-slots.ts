import { ending, isDying } from '../process.js';
import type { MasterEffect } from '../events.js';
import { isCurrent, serving, type SpoolerSlot } from '../slots.js';
import type { MasterState } from '../state.js';

/** Whether no spooler process is left, or being spawned. */
export function areSpoolersGone({ spoolers }: MasterState): boolean {
  return spoolers.every(({ processes, spawning }) => processes.length === 0 && !spawning);
}

/** Every spooler is to be replaced by a newer process. */
export function replaceSpoolers(spoolers: readonly SpoolerSlot[]): readonly SpoolerSlot[] {
  return spoolers.map((slot) => ({ ...slot, wanted: slot.wanted + 1 }));
}

/** Whether each is as new as wanted. One that cannot load its tasks is not waited for. */
export function areSpoolersCurrent(spoolers: readonly SpoolerSlot[]): boolean {
  return spoolers.every((slot) => isCurrent(slot) || serving(slot) === undefined);
}

/** Those that work stay; a replacement of one of them that is still starting is ended. */
export function keepSpoolers(
  spoolers: readonly SpoolerSlot[],
  now: number,
): { readonly spoolers: readonly SpoolerSlot[]; readonly effects: readonly MasterEffect[] } {
  const effects: MasterEffect[] = [];
  const kept = spoolers.map((slot) => {
    const current = serving(slot);
    if (current === undefined) return slot;
    const processes = slot.processes.map((process) => {
      if (process.state !== 'starting') return process;
      effects.push({ type: 'send', pid: process.pid, frame: 'exit' });
      return ending(process, 'reload', now);
    });
    return { ...slot, wanted: current.incarnation, processes };
  });
  return { spoolers: kept, effects };
}

/** Whether nothing of a spooler depends on the time. */
export function isSpoolerSettled(
  { spawning, processes, wanted }: SpoolerSlot,
  mayWork: boolean,
): boolean {
  const [process, ...others] = processes;
  return (
    !spawning &&
    others.length === 0 &&
    process?.state === 'ready' &&
    process.incarnation >= wanted &&
    process.deadline === null &&
    process.works === mayWork
  );
}

/** Whether one that was killed is not gone yet: its successor comes after it. */
export function hasDying({ processes }: SpoolerSlot, now: number): boolean {
  return processes.some((process) => isDying(process, now));
}

/** Puts a changed slot in its place. */
export function withSpooler(state: MasterState, changed: SpoolerSlot): MasterState {
  const spoolers = state.spoolers.map((slot) => (slot.id === changed.id ? changed : slot));
  return { ...state, spoolers };
}

/** Finds the spooler that a process belongs to. */
export function spoolerOf({ spoolers }: MasterState, pid: number): SpoolerSlot | undefined {
  return spoolers.find(({ processes }) => processes.some((process) => process.pid === pid));
}

/** How it is called in the log. */
export function spoolerName({ id }: SpoolerSlot, pid: number): string {
  return `spooler ${id} (pid: ${pid})`;
}
