import { reachOf, type Reach } from '../../shared/memory/reach.js';
import type { DecodedWorker } from '../../shared/stats.js';
import { measured } from './measured.js';
import { verdictOf } from './memory-verdict.js';
import type { Model } from './model.js';
import type { WorkerRow } from './rows.js';

/**
 * The resident size at which a worker meets its first limit, if nothing but what is limited grows;
 * null where no limit is told. The stats tell V8's limit of the heap.
 */
export function limitSize({
  rss,
  heap_used: used,
  heap_limit: limit,
}: DecodedWorker): number | null {
  const [size, part, whole] = [measured(rss), measured(used), measured(limit)];
  if (size === null || part === null || whole === null) return null;
  return size + Math.max(0, whole - part);
}

/** What ends the process of a worker for its memory, and when; null for one that does not grow. */
export function reachesOf(model: Model, row: WorkerRow): Reach | null {
  const growth = verdictOf(model, row);
  if (growth?.verdict !== 'suspect' && growth?.verdict !== 'leak') return null;
  const { heap_used: now, heap_limit: bytes } = row.worker;
  return reachOf([
    {
      name: 'heap limit',
      bytes: measured(bytes),
      now: measured(now),
      slope: growth.heap?.slope ?? null,
    },
  ]);
}
