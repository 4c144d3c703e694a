import type { RouterSettings } from './settings.js';

/** How often the clock is looked at for limits that are shorter than this many of it. */
const SWEEPS_PER_LIMIT = 8;
const MAX_SWEEP_MS = 1000;

/** How often a router looks at the clock, in milliseconds. */
export function sweepEvery({
  timeoutMs,
  connectTimeoutMs,
}: Pick<RouterSettings, 'timeoutMs' | 'connectTimeoutMs'>): number {
  const limits = [timeoutMs, connectTimeoutMs].filter((limit) => limit > 0);
  return Math.max(10, Math.min(MAX_SWEEP_MS, ...limits.map((limit) => limit / SWEEPS_PER_LIMIT)));
}
