import { type MemoryLimits, NO_LIMITS } from '../../shared/memory/points.js';
import { reachOf, type Reach } from '../../shared/memory/reach.js';
import { limitsOf } from '../../shared/memory/report.js';
import type { DecodedWorker } from '../../shared/stats.js';
import type { DecodedDocument } from './client-event.js';
import { measured } from './measured.js';
import { verdictOf } from './memory-verdict.js';
import type { Model } from './model.js';
import type { WorkerRow } from './rows.js';

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

/** The same of what is shown. */
export function limitsShown({ shown }: Model): MemoryLimits {
  return shown === null ? NO_LIMITS : limitsIn(shown.document);
}

/**
 * The resident size at which a worker meets its first limit, if nothing but what is limited grows;
 * null where no limit is told.
 */
export function limitSize(worker: DecodedWorker, limits: MemoryLimits): number | null {
  const rss = measured(worker.rss);
  if (rss === null) return null;
  const sizes = limitsOf(sizesOf(worker, rss), {}, measured(worker.heap_limit), limits).flatMap(
    ({ bytes, now }) => (bytes === null || now === null ? [] : [rss + Math.max(0, bytes - now)]),
  );
  return sizes.length === 0 ? null : Math.min(...sizes);
}

/** What ends the process of a worker for its memory, and when; null for one that does not grow. */
export function reachesOf(model: Model, row: WorkerRow): Reach | null {
  const { worker } = row;
  const growth = verdictOf(model, row);
  const rss = measured(worker.rss);
  if (rss === null || (growth?.verdict !== 'suspect' && growth?.verdict !== 'leak')) return null;
  const limit = measured(worker.heap_limit);
  return reachOf(limitsOf(sizesOf(worker, rss), growth, limit, limitsShown(model)));
}

/** What limits are held against. */
function sizesOf(worker: DecodedWorker, rss: number) {
  const { pss = null, uss = null } = worker;
  return { rss, pss, uss, heap: measured(worker.heap_used) };
}
