import type { WorkerConfig } from './config.js';
import type { Limits } from './harakiri/limits.js';
import type { Memory } from './memory.js';
import type { Monitor } from './monitor.js';
import type { Tail } from './stderr-tail.js';

/** What a worker has before it begins, see main.ts. */
export interface Outset {
  readonly config: WorkerConfig;
  readonly memory: Memory;
  readonly limits: Limits | null;
  readonly tail: Tail;
  readonly monitor: Monitor;
}
