import { join } from 'node:path';
import type { QueueCounts } from '../contract.js';
import { AGAIN, isSpan, type Layout, PRIORITIES } from './layout.js';
import { createListings } from './listings.js';
import type { Pause } from './pause.js';
import { decodeName } from './task-name.js';
import type { World } from './world.js';

/** When the tasks of a folder are due, in microseconds, the first ones first. */
function duesOf(names: string[]): Float64Array {
  const dues = new Float64Array(names.length);
  let length = 0;
  for (const name of names) {
    // Names sort by it: no more of them has to be read.
    const due = name.endsWith('.task') ? Number(name.slice(0, 16)) : NaN;
    if (Number.isSafeInteger(due)) dues[length++] = due;
  }
  return dues.subarray(0, length);
}

/** How many of the times, which are in order, are not after `now`. */
function countUpTo(dues: Float64Array, now: number): number {
  let from = 0;
  let to = dues.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((dues[middle] ?? Infinity) <= now) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Counts tasks, and lists only folders that changed since they were counted last. */
export function createCounts(
  { files, now }: World,
  layout: Layout,
  pause: Pause,
): () => Promise<QueueCounts> {
  const spans = createListings(files, now, (names) => names.filter(isSpan));
  const dues = createListings(files, now, duesOf);
  const owners = createListings(files, now, (names) => names);
  const tasks = createListings(
    files,
    now,
    (names) => names.filter((each) => decodeName(each)).length,
  );

  const inFolders = async (parent: string): Promise<(readonly [string, Float64Array])[]> => {
    const names = await spans.of(parent);
    dues.keep(parent, names);
    const found: (readonly [string, Float64Array])[] = [];
    for (const name of names) found.push([name, await dues.of(join(parent, name))]);
    return found;
  };

  const countClaimed = async (): Promise<number> => {
    const names = await owners.of(layout.claimed);
    tasks.keep(layout.claimed, names);
    let count = 0;
    for (const name of names) count += await tasks.of(join(layout.claimed, name));
    return count;
  };

  return async () => {
    const at = now() * 1000;
    let waiting = 0;
    let delayed = 0;
    let oldest = Infinity;
    const add = (found: Float64Array, due: number): void => {
      waiting += due;
      delayed += found.length - due;
      if (due > 0) oldest = Math.min(oldest, found[0] ?? Infinity);
    };
    for (const priority of PRIORITIES) {
      for (const [bucket, found] of await inFolders(layout.priority(priority))) {
        // After the clock was set back, tasks that wait may seem to be for later.
        add(found, bucket === AGAIN ? countUpTo(found, at) : found.length);
      }
    }
    for (const [, found] of await inFolders(layout.delayed)) add(found, countUpTo(found, at));
    return {
      waiting,
      delayed,
      in_progress: await countClaimed(),
      failed: await tasks.of(layout.failed),
      oldest_age_s: oldest === Infinity ? null : Math.max(0, (at - oldest) / 1e6),
      paused: await pause.isPaused(),
    };
  };
}
