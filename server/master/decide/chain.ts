import { type Decision, log } from './process.js';
import { isUnderWay } from './slots.js';
import type { MasterState } from './state.js';

/** How often the log is told of a worker that is still waited for, as in uWSGI. */
const SAY_MS = 1000;

/** Tells the log, in uWSGI's words, which worker a chain reload is at. */
export function followChain(state: MasterState, now: number): Decision {
  const { reload } = state;
  if (reload?.chain == null) return [state, []];
  const { victim, saidAt } = reload.chain;
  const slot = state.slots.find(isUnderWay);
  if (slot === undefined) return [state, []];
  const isNext = slot.id !== victim;
  if (!isNext && now - saidAt < SAY_MS) return [state, []];
  const line = isNext
    ? `chain next victim is worker ${slot.id}`
    : `chain is still waiting for worker ${slot.id}...`;
  const chain = { victim: slot.id, saidAt: now };
  return [{ ...state, reload: { ...reload, chain } }, [log(line)]];
}
