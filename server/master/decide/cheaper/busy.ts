import type { WorkerLoad } from '../events.js';

/**
 * How busy a worker is, 0 to 1. A Node worker with one request in flight is not busy: the request
 * may wait for a database while the loop takes a thousand others. Without `--async` it is as busy
 * as its event loop, which is the share of the last second that the loop was at work; a blocked loop
 * is busy altogether. With `--async N` its places count too: those taken or waited for now, and the
 * time that its requests took since the last look (`ran`), as a share of what N places had.
 */
export function busynessOf(
  load: WorkerLoad,
  ran: { readonly micros: number; readonly ms: number } | null,
  async: number,
): number {
  if (async === 0) return clamp(load.loop);
  const places = (load.inFlight + load.queued) / async;
  const time = ran === null || ran.ms <= 0 ? 0 : ran.micros / 1000 / ran.ms / async;
  return clamp(Math.max(load.loop, places, time));
}

function clamp(share: number): number {
  return Math.max(0, Math.min(1, share));
}

/** From here on a worker is called busy; below, it has room for more. */
const BUSY = 0.8;

/** How many workers have room for more work. */
export function countIdle(busy: readonly number[]): number {
  return busy.filter((share) => share < BUSY).length;
}
