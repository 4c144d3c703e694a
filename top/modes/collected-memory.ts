import { type MemoryLimits, type MemorySeries, NO_LIMITS } from '../../shared/memory/points.js';
import type { DecodedDocument } from '../model/client-event.js';
import type { MemorySource } from '../model/memory-missing.js';

/** What is known of a server's memory, and when it was. */
export interface CollectedMemory {
  readonly series: readonly MemorySeries[];
  readonly limits: MemoryLimits;
  readonly source: MemorySource;
  /** The end of the window, seconds since 1970. */
  readonly time: number;
}

/** What the options and the control group of the server set, as far as its document tells. */
export function limitsIn(document: DecodedDocument): MemoryLimits {
  if (document.kind !== 'instance') return NO_LIMITS;
  const { memory, memory_limits: set } = document.instance;
  const { limit = null, usage = null } = memory?.cgroup ?? {};
  const around = { ...NO_LIMITS, cgroup: limit, cgroupUsed: usage };
  if (set === undefined) return around;
  return {
    ...around,
    reloadOnRss: set.reload_on_rss,
    reloadOnUss: set.reload_on_uss,
    reloadOnPss: set.reload_on_pss,
    reloadOnHeap: set.reload_on_heap,
    budget: set.memory_budget,
  };
}

/** Who made a document. */
export function sourceOf(document: DecodedDocument): MemorySource {
  return document.kind === 'instance' && document.instance.server === 'tsuwsgi'
    ? 'tsuwsgi'
    : 'uwsgi';
}
