import type { MemoryPoint } from '../../shared/memory/points.js';

/** The last points of one process, in a row of numbers each: an hour of them is 40 kB. */
export interface PointRing {
  add(point: MemoryPoint): void;
  /** Those from `t` on, oldest first. */
  since(t: number): readonly MemoryPoint[];
}

/** An hour, a point every five seconds. */
const MOST = 720;
/** A process that lives for a minute takes no room for an hour. */
const AT_FIRST = 16;
const WIDTH = 7;

/** Begins small, grows up to an hour, and then the oldest point makes room. */
export function createPointRing(): PointRing {
  let rows = new Float64Array(AT_FIRST * WIDTH);
  let count = 0;
  /** The row that is written next once all are taken. */
  let next = 0;
  const pointAt = (index: number): MemoryPoint => {
    const from = ((next + index) % count) * WIDTH;
    const read = (column: number): number | null => {
      const value = rows[from + column] ?? NaN;
      return Number.isNaN(value) ? null : value;
    };
    const kernel = { rss: read(1) ?? 0, pss: read(2), uss: read(3) };
    return { t: read(0) ?? 0, ...kernel, heap: read(4), external: read(5), requests: read(6) };
  };
  return {
    add({ t, rss, pss, uss, heap, external, requests }) {
      if (count < MOST && count * WIDTH === rows.length) {
        const larger = new Float64Array(Math.min(MOST, count * 2) * WIDTH);
        larger.set(rows);
        rows = larger;
      }
      const row = count < MOST ? count++ : next;
      if (row === next && count === MOST) next = (next + 1) % MOST;
      const others = [pss, uss, heap, external, requests].map((value) => value ?? NaN);
      rows.set([t, rss, ...others], row * WIDTH);
    },
    since(t) {
      const all = Array.from({ length: count }, (_, index) => pointAt(index));
      return all.filter((point) => point.t >= t);
    },
  };
}
