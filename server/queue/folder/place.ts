import { join } from 'node:path';
import { unlessGone } from './files.js';
import { bucketOf, type Layout, minuteOf } from './layout.js';
import type { TaskHead } from './task-file.js';

/** Where a task was put at first. */
export interface Place {
  readonly parent: string;
  /** In `parent`. */
  readonly folder: string;
}

export function placeOf(
  layout: Layout,
  { due, priority, spooledAt }: Pick<TaskHead, 'due' | 'priority' | 'spooledAt'>,
): Place {
  const isForLater = Math.floor(due / 1000) > spooledAt;
  const parent = isForLater ? layout.delayed : layout.priority(priority);
  return { parent, folder: join(parent, isForLater ? minuteOf(due) : bucketOf(due)) };
}

/** Makes durable what was put there. A bucket that is gone was emptied: its tasks are claimed. */
export async function syncPlace(
  sync: (folder: string) => Promise<void>,
  { parent, folder }: Place,
): Promise<void> {
  await unlessGone(sync(folder));
  await sync(parent);
}
