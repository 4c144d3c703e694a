import { totalmem } from 'node:os';
import { parseMemoryBudget } from '../options/memory-budget.js';
import type { Options } from '../options/table.js';
import type { Measurement, RecycleRules } from './decide/recycle-rules.js';
import type { Registry } from './decide/registry.js';
import type { Settings } from './decide/state.js';
import type { Measuring } from './measuring.js';

const MB = 1024 * 1024;

/** The rules that options set; undefined when they set none, so that nothing is looked at. */
export function recycleRules(options: Options): RecycleRules | undefined {
  const bytes = (mb: number | undefined): number | null => (mb === undefined ? null : mb * MB);
  const lifetime = options['max-worker-lifetime'];
  const rules: RecycleRules = {
    maxRequests: options['max-requests'] ?? null,
    maxRequestsDelta: options['max-requests-delta'],
    maxLifetimeMs: lifetime === undefined ? null : lifetime * 1000,
    maxLifetimeDeltaMs: options['max-worker-lifetime-delta'] * 1000,
    minLifetimeMs: options['min-worker-lifetime'] * 1000,
    rss: bytes(options['reload-on-rss']),
    uss: bytes(options['reload-on-uss']),
    pss: bytes(options['reload-on-pss']),
    heap: bytes(options['reload-on-heap']),
    budget: budgetBytes(options['memory-budget']),
    evilRss: bytes(options['evil-reload-on-rss']),
  };
  const { maxRequests, maxLifetimeMs, rss, uss, pss, heap, budget, evilRss } = rules;
  const limits = [maxRequests, maxLifetimeMs, rss, uss, pss, heap, budget, evilRss];
  return limits.every((limit) => limit === null) ? undefined : rules;
}

/** A share is one of what there is for this process: of the container's limit where there is one. */
function budgetBytes(text: string | undefined): number | null {
  const read = text === undefined ? null : parseMemoryBudget(text);
  if (read?.ok !== true) return null;
  if (read.value.kind === 'megabytes') return read.value.megabytes * MB;
  const limit = process.constrainedMemory();
  const there = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return (there * read.value.percent) / 100;
}

/** Whether a rule needs what the kernel walks all pages of a process for. */
export function looksAtOwnMemory(options: Options): boolean {
  const { 'reload-on-uss': uss, 'reload-on-pss': pss, 'memory-budget': budget } = options;
  return uss !== undefined || pss !== undefined || budget !== undefined;
}

/** Whether a rule looks at memory or accept queues, so that they are measured without a reader. */
export function looksAtFigures({ recycling, cheaper }: Settings, options: Options): boolean {
  const isRuled = recycling !== undefined || cheaper !== undefined;
  return isRuled || options['harakiri-queue-threshold'] > 0;
}

/** What is known of `pids`, for the rules. */
export function measurements(
  pids: readonly number[],
  registry: Registry,
  processOf: Measuring['process'],
): readonly Measurement[] {
  return pids.map((pid) => {
    const sample = registry.sample(pid);
    const stats = processOf(pid);
    return {
      pid,
      requests: sample?.requests ?? 0,
      rss: stats?.rss ?? null,
      uss: stats?.uss ?? null,
      pss: stats?.pss ?? null,
      heap: sample?.heap ?? null,
    };
  });
}
