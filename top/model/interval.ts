/** The intervals that `+` and `-` step through, in milliseconds. */
const STEPS = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000] as const;

/** What `f` switches to, as in uwsgitop. */
export const FAST_MS = 100;

/** The next longer interval, or the longest. */
export function slower(ms: number): number {
  return STEPS.find((step) => step > ms) ?? 60_000;
}

/** The next shorter interval, or the shortest. */
export function faster(ms: number): number {
  return STEPS.findLast((step) => step < ms) ?? FAST_MS;
}

/** How often time must pass on the screen, in milliseconds, for ages and count-downs to be true. */
export function tickMs(model: { readonly intervalMs: number }): number {
  return Math.min(500, Math.max(FAST_MS, model.intervalMs));
}
