import type { MemoryPoint } from '../../shared/memory/points.js';

/** The last points of one process, in a row of numbers each: an hour of them is 34 kB. */
export interface PointRing {
  add(point: MemoryPoint): void;
  /** Those from `t` on, oldest first. */
  since(t: number): readonly MemoryPoint[];
}

/** An hour, a point every five seconds. */
const MOST = 720;
/** A process that lives for a minute takes no room for an hour. */
const AT_FIRST = 16;
const WIDTH = 6;

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
    const parts = { pss: read(2), heap: read(3), external: read(4), requests: read(5) };
    return { t: read(0) ?? 0, rss: read(1) ?? 0, ...parts };
  };
  return {
    add({ t, rss, pss, heap, external, requests }) {
      if (count < MOST && count * WIDTH === rows.length) {
        const larger = new Float64Array(Math.min(MOST, count * 2) * WIDTH);
        larger.set(rows);
        rows = larger;
      }
      const row = count < MOST ? count++ : next;
      if (row === next && count === MOST) next = (next + 1) % MOST;
      rows.set([t, rss, pss ?? NaN, heap ?? NaN, external ?? NaN, requests ?? NaN], row * WIDTH);
    },
    since(t) {
      const all = Array.from({ length: count }, (_, index) => pointAt(index));
      return all.filter((point) => point.t >= t);
    },
  };
}
