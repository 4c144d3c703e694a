import { join } from 'node:path';
import { bucketOf, isSpan, type Layout, minuteOf } from './layout.js';
import { createListings } from './listings.js';
import { moveInto } from './move.js';
import type { Quarantine } from './quarantine.js';
import { removeEmpty } from './ready.js';
import { decodeName } from './task-name.js';
import type { World } from './world.js';

/** The tasks for later. */
export interface Delayed {
  /** Moves those that are due to where tasks wait; when the next is due, in microseconds, or null. */
  promote(): Promise<number | null>;
}

/** So many are moved at once at most: the others are moved by whoever claims next. */
const AT_ONCE = 16;

export function createDelayed(world: World, layout: Layout, quarantine: Quarantine): Delayed {
  const { files, now } = world;
  const minutes = createListings(files, now, (names) => names);
  const contents = createListings(files, now, (names) => names);

  /** Undefined where all of a minute are moved; else when the next one is due. */
  const promoteMinute = async (minute: string, room: { left: number }) => {
    const folder = join(layout.delayed, minute);
    for (const file of await contents.of(folder)) {
      const name = decodeName(file);
      const path = join(folder, file);
      if (name === null) {
        await quarantine(path, file, 'its name is not that of a task');
        continue;
      }
      if (name.due > now() * 1000 || room.left === 0) return name.due;
      const bucket = join(layout.priority(name.priority), bucketOf(name.due));
      if (await moveInto(files, path, bucket, file)) room.left--;
    }
    return undefined;
  };

  return {
    async promote() {
      const room = { left: AT_ONCE };
      const names = await minutes.of(layout.delayed);
      contents.keep(layout.delayed, names);
      for (const minute of names) {
        const folder = join(layout.delayed, minute);
        if (!isSpan(minute)) {
          await quarantine(folder, minute, 'its name is not that of a minute');
          continue;
        }
        const next = await promoteMinute(minute, room);
        if (next !== undefined) return next;
        if (minute < minuteOf(now() * 1000)) await removeEmpty(files, folder);
      }
      return null;
    },
  };
}
