import { monotonicMs } from './clock.js';
import { watchCollections } from './collections.js';
import type { Counters } from './counters.js';
import { collectionsOf, watchInside } from './inside.js';
import { loopShare } from './loop-share.js';
import { FIELD, type Memory } from './memory.js';
import { BEAT_MS } from './sample.js';
import { watchVitals } from './vitals.js';

/**
 * The pulse of a worker's main thread: every BEAT_MS it says that the loop turns, and what it alone
 * can know of this process (vitals, heap, the loop's share); then `others` beat. It keeps no process
 * alive.
 */
export function startBeat(memory: Memory, counters: Counters, others: () => void): void {
  const lookAtVitals = watchVitals(memory.fields);
  const lookInside = watchInside(memory.inside);
  watchCollections(collectionsOf(memory.inside));
  const share = loopShare();
  setInterval(() => {
    const now = monotonicMs();
    counters.beat(now);
    lookAtVitals(now);
    lookInside(now);
    memory.fields[FIELD.loop] = share();
    others();
  }, BEAT_MS).unref();
}
