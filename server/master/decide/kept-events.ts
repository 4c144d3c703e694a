import type { EventOfMaster, MasterState } from './state.js';

/** So many are kept. */
const KEPT = 50;

/** Keeps what happened for the stats. */
export function withEvent(state: MasterState, event: EventOfMaster): MasterState {
  return { ...state, events: [...state.events, event].slice(-KEPT) };
}
