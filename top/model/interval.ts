import type { Step } from './control-flow.js';
import type { Model } from './model.js';

/** The intervals that `+` and `-` step through, in milliseconds. */
const STEPS = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000] as const;

/** The shortest and the longest, in seconds. */
export const MIN_INTERVAL_S = 0.1;
export const MAX_INTERVAL_S = 60;

/** What `f` switches to, as in uwsgitop. */
export const FAST_MS = 100;

/** Reads the stats every so many milliseconds from now on. */
export function withInterval(model: Model, ms: number): Step {
  if (ms === model.intervalMs) return [model, []];
  return [{ ...model, intervalMs: ms, intervalBeforeFast: null }, [{ type: 'interval', ms }]];
}

/** Every 100 ms, or what it was before. */
export function toggleFast(model: Model): Step {
  const back = model.intervalBeforeFast;
  const ms = back ?? FAST_MS;
  const intervalBeforeFast = back === null ? model.intervalMs : null;
  return [{ ...model, intervalMs: ms, intervalBeforeFast }, [{ type: 'interval', ms }]];
}

/** The next longer interval, or the longest. */
export function slower(ms: number): number {
  return STEPS.find((step) => step > ms) ?? 60_000;
}

/** The next shorter interval, or the shortest. */
export function faster(ms: number): number {
  return STEPS.findLast((step) => step < ms) ?? FAST_MS;
}

/** How long after a document no other is missed, in milliseconds. */
export function quietMs(model: { readonly intervalMs: number }): number {
  return Math.max(tickMs(model), Math.min(1250, model.intervalMs * 1.25));
}

/** How often time must pass on the screen, in milliseconds, for ages and count-downs to be true. */
export function tickMs(model: { readonly intervalMs: number }): number {
  return Math.min(500, Math.max(FAST_MS, model.intervalMs));
}
