import type { StatsDocument } from '../../shared/stats.js';
import type { Model } from '../../top/model/model.js';
import { busyShop, instanceAt, keys, operate, play, start, tick } from './dashboard.js';

const MB = 1024 * 1024;

/** A shop after some seconds with all its sizes: worker 3 grows by 2 MB a second. */
export function grownShop(second: number): StatsDocument {
  const shop = busyShop(second);
  const workers = shop.workers.map((worker) => {
    if (worker.pid === 0) return worker;
    const wave = Math.round(MB * Math.sin(second / 15 + worker.id));
    const rss = worker.rss + (worker.id === 3 ? second * 2 * MB : wave);
    const heap = rss - 70 * MB;
    return {
      ...worker,
      ...{ rss, pss: rss - 46 * MB, uss: rss - 52 * MB },
      ...{ heap_used: heap, heap_total: heap + 9 * MB, heap_limit: 512 * MB },
    };
  });
  return { ...shop, workers };
}

/** The memory view after three minutes, with worker 3 marked. */
export function memoryModel(width: number, height: number, seconds = 180): Model {
  const documents = Array.from({ length: seconds / 5 + 1 }, (_, index) =>
    instanceAt(index * 5000 + 1, grownShop(index * 5)),
  );
  const { model } = play(start(width, height), [tick(1), operate, ...documents]);
  return play(model, [tick(seconds * 1000 + 401), ...keys('4', 'down')]).model;
}
