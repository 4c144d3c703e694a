import { performance } from 'node:perf_hooks';
import { BEAT_MS } from './sample.js';

/** Beats over which the share is taken: a second. */
const BEATS = Math.round(1000 / BEAT_MS);

/**
 * The share of about the last second that this thread's event loop was at work, 0 to 1, to be asked
 * for at each beat. Waiting for a database is not work, computing is: what Node calls the utilisation
 * of the event loop.
 */
export function loopShare(): () => number {
  const past = [performance.eventLoopUtilization()];
  return () => {
    const now = performance.eventLoopUtilization();
    const share = performance.eventLoopUtilization(now, past[0]).utilization;
    past.push(now);
    if (past.length > BEATS) past.shift();
    return share;
  };
}
