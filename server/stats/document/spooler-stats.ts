import type { RunningTask, SpoolerStats } from '../../../shared/stats.js';
import type { SpoolerFigures } from '../../master/decide/spoolers/spooler-book.js';
import { shown, type SpoolerSlot } from '../../master/decide/slots.js';
import { epoch, lastExit, stateOf } from './router-stats.js';
import type { Sources } from './sources.js';

const UNCOUNTED = {
  ...{ waiting: null, delayed: null, in_progress: null, failed: null, oldest_age_s: null },
  paused: null,
};

/** The entries of the spoolers; none without `--spooler`. */
export function spoolerStats(sources: Sources): SpoolerStats[] {
  return sources.state.spoolers.map((slot) => entryOf(slot, sources));
}

function entryOf(slot: SpoolerSlot, sources: Sources): SpoolerStats {
  const process = shown(slot);
  const { folders, figures, counts } = sources.spoolers;
  const own = figures(slot.id, sources.now);
  const queue = folders[slot.queue] ?? '';
  const told = counts(slot.queue, sources.now) ?? UNCOUNTED;
  const pid = process?.pid ?? 0;
  const measured = sources.measured(pid);
  return {
    ...{ dir: queue, pid, tasks: own.ended },
    ...{ respawns: Math.max(0, slot.spawns - 1), running: own.running.length > 0 ? 1 : 0 },
    ...{ id: slot.id, queue, state: stateOf(slot, process, sources.now) },
    ...{ waiting: told.waiting, delayed: told.delayed, in_progress: told.in_progress },
    ...{ failed: told.failed, oldest_age_s: told.oldest_age_s, done: own.done },
    running_tasks: runningTasks(own, sources.now),
    ...{ tasks_per_s: own.rate, latency: latencyOf(own) },
    ...{ rss: measured?.rss ?? 0, cpu: measured?.cpu ?? null },
    last_spawn: process === undefined ? 0 : epoch(sources, process.spawnedAt),
    last_exit: lastExit(slot, sources),
    harakiri_count: slot.harakiris,
    paused: bitOf(told.paused),
  };
}

function bitOf(value: boolean | null): number | null {
  return value === null ? null : Number(value);
}

function runningTasks({ running }: SpoolerFigures, now: number): RunningTask[] {
  return running.map(({ id, name, attempt, beganAt, share }) => ({
    ...{ id, name, age_s: Math.max(0, Math.round(now - beganAt) / 1000), attempt },
    progress: share,
  }));
}

function latencyOf({ ended, sumMicros, buckets }: SpoolerFigures): SpoolerStats['latency'] {
  return { count: ended, sum_us: sumMicros, buckets: buckets.map(([at, runs]) => [at, runs]) };
}
