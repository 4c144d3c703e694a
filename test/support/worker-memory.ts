import type { InstanceMemory, StatsDocument } from '../../shared/stats.js';
import type { Model } from '../../top/model/model.js';
import { busyShop, instanceAt, keys, operate, play, start, tick } from './dashboard.js';
import { NOW } from './stats-builder.js';

const MB = 1024 * 1024;

/** When worker 5 was replaced. */
const REPLACED_AT = 90;

/**
 * A shop after some seconds with all its sizes: worker 3 grows by 2 MB a second, and so did worker 5
 * until it was replaced.
 */
export function grownShop(second: number): StatsDocument {
  const shop = busyShop(second);
  const workers = shop.workers.map((worker) => {
    if (worker.pid === 0) return worker;
    const wave = Math.round(MB * Math.sin(second / 15 + worker.id));
    const isNew = worker.id === 5 && second >= REPLACED_AT;
    const leaks = worker.id === 3 || (worker.id === 5 && !isNew);
    const rss = worker.rss + (leaks ? second * 2 * MB : wave);
    const heap = rss - 70 * MB;
    return {
      ...worker,
      ...(isNew ? { pid: 31_005, last_spawn: NOW + REPLACED_AT, respawn_count: 2 } : {}),
      ...{ rss, pss: rss - 46 * MB, uss: rss - 52 * MB, shared: 52 * MB, swap: 0 },
      ...{ heap_used: heap, heap_total: heap + 9 * MB, heap_limit: 512 * MB },
      ...{ external: 6 * MB, array_buffers: 5 * MB },
    };
  });
  const sum = workers.reduce((total, { pss }) => total + (pss ?? 0), 0);
  const memory: InstanceMemory = {
    pool_pss: sum + 38 * MB,
    cgroup: { limit: 4096 * MB, usage: sum + 700 * MB, swap: 0 },
    pressure: { some_avg10: 0.4, some_avg60: 0.1, full_avg10: 0, full_avg60: 0 },
  };
  return { ...shop, workers, memory };
}

/** The memory view after three minutes, with worker 3 marked. */
export function memoryModel(width: number, height: number, seconds = 180, ascii = false): Model {
  const documents = Array.from({ length: seconds / 5 + 1 }, (_, index) =>
    instanceAt(index * 5000 + 1, grownShop(index * 5)),
  );
  const { model } = play(start(width, height, ascii), [tick(1), operate, ...documents]);
  return play(model, [tick(seconds * 1000 + 401), ...keys('4', 'down')]).model;
}
