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
    heap: bytes(options['reload-on-heap']),
    evilRss: bytes(options['evil-reload-on-rss']),
  };
  const { maxRequests, maxLifetimeMs, rss, uss, heap, evilRss } = rules;
  const limits = [maxRequests, maxLifetimeMs, rss, uss, heap, evilRss];
  return limits.every((limit) => limit === null) ? undefined : rules;
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
      heap: sample?.heap ?? null,
    };
  });
}
