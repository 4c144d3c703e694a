import { serving } from '../slots.js';
import type { MasterState } from '../state.js';

/** A worker that routers may ask. */
export interface AskedWorker {
  readonly worker: number;
  /** Of the process that accepts: connections to the one before it are not used for new requests. */
  readonly pid: number;
}

/** The workers that accept: not those that load, drain, or are cheap, and none while all pause. */
export function askedWorkers(state: MasterState): readonly AskedWorker[] {
  if (state.paused) return [];
  return state.slots.flatMap((slot) => {
    const process = serving(slot);
    return process === undefined ? [] : [{ worker: slot.id, pid: process.pid }];
  });
}
