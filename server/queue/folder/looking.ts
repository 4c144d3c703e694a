import type { QueueAdmin, TaskDetail, TaskEntry } from '../admin.js';
import { QueueError } from '../queue-error.js';
import { unlessGone } from './files.js';
import type { History } from './history.js';
import type { Layout } from './layout.js';
import { readHead, readTask } from './read-task.js';
import type { Sighting } from './shelves.js';
import type { TaskHead } from './task-file.js';
import type { Whereabouts } from './whereabouts.js';
import type { World } from './world.js';

/** Looks into a queue, and changes nothing. */
export function createLooking(
  { files }: World,
  { root }: Layout,
  whereabouts: Whereabouts,
  history: Pick<History, 'read'>,
): Pick<QueueAdmin, 'list' | 'show'> {
  const detailOf = async (seen: Sighting): Promise<TaskDetail | null> => {
    const read = await unlessGone(readTask(files, seen.path));
    if (read === null) return null;
    const { id } = seen.name;
    if (!read.ok) {
      const message = `queue ${root}: the file of task ${id} is damaged: ${read.error}: drop the task, or restore the file`;
      throw new QueueError('invalid', message);
    }
    const { head, start, end } = read.value;
    const { payload, retries, backoff, timeout, dedupeKey, spooledAt } = head;
    return {
      ...entryOf(seen, head),
      ...{ payload, bodyLength: head.hasBody ? end - start : null, retries, backoff, timeout },
      ...{ dedupeKey, spooledAt, failures: await history.read(id) },
    };
  };

  return {
    async list(state, most) {
      const entries: TaskEntry[] = [];
      for (const seen of await whereabouts.first(state, most)) {
        // One that has moved on since is in no list; a damaged one is found out when it is claimed.
        const head = await unlessGone(readHead(files, seen.path));
        if (head?.ok === true) entries.push(entryOf(seen, head.value));
      }
      return entries;
    },
    async show(id) {
      // It may move on between the two looks.
      for (let looks = 0; looks < 3; looks++) {
        const seen = await whereabouts.find(id);
        if (seen === null) return null;
        const detail = await detailOf(seen);
        if (detail !== null) return detail;
      }
      return null;
    },
  };
}

function entryOf({ name, state }: Sighting, head: TaskHead): TaskEntry {
  return {
    ...{ id: name.id, name: head.name, state, priority: name.priority },
    ...{ attempts: name.attempt, due: name.due / 1000 },
  };
}
