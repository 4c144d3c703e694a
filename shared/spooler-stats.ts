import type { HttpRouterStats } from './http-router-stats.js';

/** A process of a uWSGI's spooler. */
export interface UwsgiSpooler {
  dir: string;
  pid: number;
  /** Completed ones. */
  tasks: number;
  respawns: number;
  running: number;
}

/** A run of a task that has not ended. */
export interface RunningTask {
  id: string;
  name: string;
  /** Seconds since it began. */
  age_s: number;
  /** From 1 on. */
  attempt: number;
  /** How far it says it is, 0 to 1; null: it has not said. */
  progress: number | null;
}

/** A spooler; figures of its queue are null while nobody has counted it lately. */
export interface SpoolerStats extends UwsgiSpooler {
  id: number;
  /** The folder or the URL of its queue. */
  queue: string;
  state: 'starting' | 'ready' | 'draining' | 'backoff' | 'dead';
  waiting: number | null;
  delayed: number | null;
  in_progress: number | null;
  failed: number | null;
  oldest_age_s: number | null;
  /** Of this spooler: tasks that were run to a good end. */
  done: number;
  running_tasks: RunningTask[];
  /** Runs that ended, a second, over the last ten seconds. */
  tasks_per_s: number;
  /** How long runs took that ended: `buckets` are [bucket, runs] of shared/histogram.ts. */
  latency: { count: number; sum_us: number; buckets: readonly (readonly [number, number])[] };
  rss: number;
  cpu: number | null;
  last_spawn: number;
  /** As of a router. */
  last_exit: HttpRouterStats['last_exit'];
  /** Processes that were killed for a task that took too long. */
  harakiri_count: number;
  /** 1: nothing of its queue is claimed until it is resumed; null as the figures of the queue. */
  paused: number | null;
}
