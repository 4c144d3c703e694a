import { join } from 'node:path';
import type { TaskState } from '../admin.js';
import { type Files, namesIn } from './files.js';
import { AGAIN, isSpan, type Layout, PRIORITIES } from './layout.js';
import { decodeName, type TaskName } from './task-name.js';

/** A folder that has files of tasks in it. */
export interface Shelf {
  readonly folder: string;
  /** `again`: tasks that are offered again, which in an ordered queue may be for later. */
  readonly kind: 'ready' | 'again' | 'delayed' | 'claimed' | 'failed';
  /** Whose tasks they are while they run. */
  readonly owner: string | null;
}

/** Where a task was seen; it may have moved on since. */
export interface Sighting {
  readonly path: string;
  readonly name: TaskName;
  readonly state: TaskState;
  readonly owner: string | null;
}

/** The shelves of a queue, of each kind those first whose tasks come first. */
export interface Shelves {
  ready(): Promise<readonly Shelf[]>;
  /** Those for later, or no later than a minute. */
  delayed(until?: string): Promise<readonly Shelf[]>;
  claimed(): Promise<readonly Shelf[]>;
  readonly again: readonly Shelf[];
  readonly failed: readonly Shelf[];
}

export function createShelves(files: Files, layout: Layout): Shelves {
  const spans = async (parent: string): Promise<string[]> =>
    (await namesIn(files, parent)).filter(isSpan).sort();
  return {
    async ready() {
      const found: Shelf[] = [];
      for (const priority of PRIORITIES) {
        const parent = layout.priority(priority);
        for (const span of await spans(parent)) {
          const kind = span === AGAIN ? 'again' : 'ready';
          found.push({ folder: join(parent, span), kind, owner: null });
        }
      }
      return found;
    },
    async delayed(until) {
      const minutes = await spans(layout.delayed);
      const wanted = until === undefined ? minutes : minutes.filter((minute) => minute <= until);
      return wanted.map((minute) => shelf(join(layout.delayed, minute), 'delayed'));
    },
    async claimed() {
      const owners = await namesIn(files, layout.claimed);
      return owners.map((owner) => shelf(join(layout.claimed, owner), 'claimed', owner));
    },
    again: PRIORITIES.map((priority) => shelf(join(layout.priority(priority), AGAIN), 'again')),
    failed: [shelf(layout.failed, 'failed')],
  };
}

function shelf(folder: string, kind: Shelf['kind'], owner: string | null = null): Shelf {
  return { folder, kind, owner };
}

/** What the name of a file on a shelf tells; null when it is no task's. `now` is in microseconds. */
export function sightingOf(
  { folder, kind, owner }: Shelf,
  file: string,
  now: number,
): Sighting | null {
  const name = decodeName(file);
  if (name === null) return null;
  return { path: join(folder, file), name, state: stateOf(kind, name.due > now), owner };
}

function stateOf(kind: Shelf['kind'], isForLater: boolean): TaskState {
  switch (kind) {
    case 'ready':
      return 'waiting';
    case 'again':
    case 'delayed':
      return isForLater ? 'delayed' : 'waiting';
    case 'claimed':
      return 'running';
    case 'failed':
      return 'failed';
  }
}
