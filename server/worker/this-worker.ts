import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { CONFIG_VARIABLE } from './config.js';

/** What code that runs in a worker may know of its place. */
export interface ThisWorker {
  /** From 1 on, as in the stats and in `TSUWSGI_WORKER_ID`; a replacement has the same. */
  readonly id: number;
  /**
   * How often this worker was replaced before, by reloads and otherwise: `generation` of the worker
   * in the stats. 0 in a worker that was started with the master, and for what is respawned there.
   */
  readonly generation: number;
}

/**
 * Threads of this process inherit environment data, child processes do not; and it is the same for
 * every copy of this package that an application may have.
 */
const KEY = 'tsuwsgi.worker';

/** Makes the place of this process known to its application. */
export function announceWorker({ id, generation }: ThisWorker): void {
  setEnvironmentData(KEY, { id, generation });
}

/** The worker that this code runs in; null in any other process. */
export function findWorker(): ThisWorker | null {
  return readWorker(getEnvironmentData(KEY)) ?? readWorker(configured());
}

/** What is preloaded (`--import`) runs before the worker itself does, and finds its configuration. */
function configured(): unknown {
  try {
    return JSON.parse(process.env[CONFIG_VARIABLE] ?? 'null');
  } catch {
    return null;
  }
}

function readWorker(value: unknown): ThisWorker | null {
  if (typeof value !== 'object' || value === null) return null;
  const id: unknown = Reflect.get(value, 'id');
  const generation: unknown = Reflect.get(value, 'generation');
  return typeof id === 'number' && typeof generation === 'number' ? { id, generation } : null;
}
