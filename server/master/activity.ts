import type { Registry } from './decide/registry.js';
import { serving } from './decide/slots.js';
import type { MasterState } from './decide/state.js';

/** How much the workers do. */
export interface Activity {
  /** Workers with a request in flight. */
  readonly busy: number;
  /** All requests that were counted. */
  readonly requests: number;
}

/** What there is to do now, from the books: nothing is measured for it. */
export function activityOf(
  { slots }: Pick<MasterState, 'slots'>,
  registry: Pick<Registry, 'sample' | 'requests'>,
): Activity {
  const busy = slots.filter((slot) => {
    const pid = serving(slot)?.pid;
    return pid !== undefined && (registry.sample(pid)?.inFlight ?? 0) > 0;
  });
  return { busy: busy.length, requests: registry.requests() };
}
