import type { MasterState, WorkerSlot } from './state.js';

/**
 * Whether time alone changes nothing: every worker that is wanted has one process, which serves and
 * is due for nothing, and nobody waits for anything. Then a tick need not be decided upon.
 */
export function isAtRest(state: MasterState): boolean {
  return (
    state.phase === 'running' &&
    state.reload === null &&
    state.upgrade === null &&
    state.kills.length + state.reloads.length + state.scales.length === 0 &&
    state.slots.every(isSettled)
  );
}

function isSettled({ cheap, spawning, processes, wanted }: WorkerSlot): boolean {
  const [process] = processes;
  if (cheap || process === undefined) return cheap && process === undefined && !spawning;
  const { state, deadline, due, incarnation } = process;
  const serves = state === 'ready' && deadline === null && due === null && incarnation >= wanted;
  return serves && processes.length === 1 && !spawning;
}
