import { type Growth, growthOf, type Verdict, VERDICTS } from '../../shared/memory/verdict.js';
import { sinceSpawn } from './memory.js';
import { DEFAULT_WINDOW_S } from './memory-window.js';
import type { Model } from './model.js';
import type { WorkerRow } from './rows.js';
import { type Sizes, workerPoints } from './worker-history.js';

/**
 * Verdicts of one state of the history, which changes each five seconds, while a frame is drawn each
 * second; by worker and process.
 */
const KNOWN = new WeakMap<readonly Sizes[], Map<string, Growth>>();

/** How the memory of a worker grew in the last ten minutes; null without a process or any size. */
export function verdictOf(model: Model, row: WorkerRow): Growth | null {
  const { byWorker } = model.history;
  const since = sinceSpawn(model, row);
  const newest = byWorker.sizes.at(-1);
  if (since === null || newest === undefined) return null;
  const known = KNOWN.get(byWorker.sizes) ?? new Map<string, Growth>();
  KNOWN.set(byWorker.sizes, known);
  const key = `${row.worker.id} ${row.worker.pid} ${row.worker.last_spawn ?? 0}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const from = Math.max(since, newest.at - DEFAULT_WINDOW_S * 1000);
  const points = workerPoints(byWorker, row.worker.id, from);
  if (points.length === 0) return null;
  const growth = growthOf(points, DEFAULT_WINDOW_S);
  known.set(key, growth);
  return growth;
}

/** How many workers have each of the verdicts that want a look, the worst first. */
export function worries(
  model: Model,
  rows: readonly WorkerRow[],
): readonly (readonly [Verdict, number])[] {
  const verdicts = rows.map((row) => verdictOf(model, row)?.verdict);
  return VERDICTS.filter((verdict) => verdict === 'suspect' || verdict === 'leak')
    .reverse()
    .map((verdict) => [verdict, verdicts.filter((one) => one === verdict).length] as const)
    .filter(([, count]) => count > 0);
}
