import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { GC_FIELDS, type Inside, MAX_SPACES } from '../wire/inside-frames.js';

/**
 * The part of the shared memory that says what only the main thread can find out of the memory of
 * its process. The monitor thread tells it also while that thread is blocked, with the time it is of.
 */

/** Places of the figures, each a 64-bit float. */
const AT = {
  /** When the main thread looked, monotonic milliseconds; 0 before it did. */
  lookedAt: 0,
  external: 1,
  arrayBuffers: 2,
  malloced: 3,
  nativeContexts: 4,
  detachedContexts: 5,
  /** NaN where Node does not tell. */
  handles: 6,
  activeRequests: 7,
  /** In the order of `GC_FIELDS`. */
  gc: 8,
  /** Used and taken bytes, for each space of the heap in V8's order. */
  spaces: 8 + GC_FIELDS.length,
} as const;

/** How many floats it takes. */
export const INSIDE_FIELDS = AT.spaces + 2 * MAX_SPACES;

/** What `gauge` gives when it has moved by this many bytes is worth a sample of its own. */
export const NEWS_OF_INSIDE = [[AT.external, 1024 * 1024]] as const;

/** Looking takes about 25 microseconds; the spaces change slowly, and are looked at more seldom. */
const EVERY_MS = 1000;
const SPACES_EVERY_MS = 5000;

/** Where the collections of the process are counted, see collections.ts. */
export function collectionsOf(inside: Float64Array): Float64Array {
  return inside.subarray(AT.gc, AT.gc + GC_FIELDS.length);
}

/** Returns what the main thread calls at each of its beats (monotonic milliseconds). */
export function watchInside(inside: Float64Array): (now: number) => void {
  let spacesAt = -Infinity;
  let lookedAt = -Infinity;
  return (now) => {
    if (now - lookedAt < EVERY_MS) return;
    lookedAt = now;
    look(inside);
    if (now - spacesAt >= SPACES_EVERY_MS) {
      spacesAt = now;
      lookAtSpaces(inside);
    }
    inside[AT.lookedAt] = now;
  };
}

function look(inside: Float64Array): void {
  const heap = getHeapStatistics();
  inside[AT.external] = heap.external_memory;
  inside[AT.arrayBuffers] = process.memoryUsage().arrayBuffers;
  inside[AT.malloced] = heap.malloced_memory;
  inside[AT.nativeContexts] = heap.number_of_native_contexts;
  inside[AT.detachedContexts] = heap.number_of_detached_contexts;
  inside[AT.handles] = countOf('_getActiveHandles');
  inside[AT.activeRequests] = countOf('_getActiveRequests');
}

/**
 * These tell handles and requests apart, which `process.getActiveResourcesInfo` does not, and have
 * no documented successor: where a version of Node drops them, the count is not known.
 */
function countOf(name: '_getActiveHandles' | '_getActiveRequests'): number {
  const list: unknown = Reflect.get(process, name);
  if (typeof list !== 'function') return NaN;
  const found: unknown = Reflect.apply(list, process, []);
  return Array.isArray(found) ? found.length : NaN;
}

function lookAtSpaces(inside: Float64Array): void {
  getHeapSpaceStatistics()
    .slice(0, MAX_SPACES)
    .forEach((space, index) => {
      inside[AT.spaces + 2 * index] = space.space_used_size;
      inside[AT.spaces + 2 * index + 1] = space.space_size;
    });
}

/** V8 has the same spaces in the same order in every thread of a process. */
let names: readonly string[] | undefined;

function spaceNames(): readonly string[] {
  names ??= getHeapSpaceStatistics().map((space) => space.space_name);
  return names;
}

/** Reads what the main thread has written; null when it has not looked yet. In any thread. */
export function readInside(inside: Float64Array): Inside | null {
  const get = (index: number): number => inside[index] ?? 0;
  const known = (index: number): number | null => (Number.isNaN(get(index)) ? null : get(index));
  if (get(AT.lookedAt) === 0) return null;
  return {
    lookedAt: Math.round(get(AT.lookedAt)),
    external: get(AT.external),
    arrayBuffers: get(AT.arrayBuffers),
    malloced: get(AT.malloced),
    nativeContexts: get(AT.nativeContexts),
    detachedContexts: get(AT.detachedContexts),
    handles: known(AT.handles),
    activeRequests: known(AT.activeRequests),
    gc: Array.from(collectionsOf(inside), (value) => Math.round(value * 10) / 10),
    spaces: spaceNames()
      .slice(0, MAX_SPACES)
      .map(
        (name, index) =>
          [name, get(AT.spaces + 2 * index), get(AT.spaces + 2 * index + 1)] as const,
      )
      .filter(([, , size]) => size > 0),
  };
}
