/** What an application, or any other program, may import from this package. */
import type { ConnectOptions } from '../top/client/connect.js';
import type { StatsConnection } from '../top/client/connection.js';
import { findWorker, type ThisWorker } from './worker/this-worker.js';

export type { Command } from '../shared/commands.js';
export type { DecodedEmperor, DecodedInstance, DecodedWorker } from '../shared/stats.js';
export { StatsError, type RefusalCode, type StatsErrorCode } from '../shared/stats-error.js';
export type { Accepted, Outcome } from '../top/client/command-desk.js';
export type { ConnectOptions } from '../top/client/connect.js';
export type { ConnectionEvent, Snapshot, StatsConnection } from '../top/client/connection.js';
export type { ConnectionState } from '../top/client/connection-state.js';
export type { ThisWorker } from './worker/this-worker.js';

/**
 * The worker that this code runs in: its `id` (from 1 on) and its `generation`. Null outside a
 * worker, so that the same code runs by itself: `if (worker === null || worker.id === 1) …`.
 */
export const worker: ThisWorker | null = findWorker();

/**
 * Connects to the stats server of a tsuwsgi or of a real uWSGI: `host:port`, `:port`, `[v6]:port`,
 * `/path.sock`, `@name`, `http://host:port/path` or `ws://host:port/path`. It does not wait for the
 * server: iterate over the connection, and ask or listen to its state. Rejects with a `StatsError`
 * when address or options are wrong.
 *
 * The client is loaded with the first call, so that a worker that never calls pays nothing.
 */
export async function connect(
  address: string,
  options: ConnectOptions = {},
): Promise<StatsConnection> {
  const client = await import('../top/client/connect.js');
  return client.connect(address, options);
}
