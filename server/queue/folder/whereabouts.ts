import type { TaskState } from '../admin.js';
import { namesIn, unlessGone } from './files.js';
import { type Layout, minuteOf } from './layout.js';
import { createShelves, type Shelf, type Sighting, sightingOf } from './shelves.js';
import type { World } from './world.js';

/** Looks for tasks by the names of their files, none of which is opened. */
export interface Whereabouts {
  /** Null: there is no such task. */
  find(id: string): Promise<Sighting | null>;
  /** The first ones of a state, those first that come next; of the failed ones the latest. */
  first(state: TaskState, most: number): Promise<readonly Sighting[]>;
}

/** A task that moves from where was not looked yet to where was is missed by the first look. */
const LOOKS = 2;

/** Reads shelves, one after the other, up to where what is wanted was found. */
interface Reading {
  /** The task of an id. */
  readonly search: (shelves: readonly Shelf[], id: string) => Promise<Sighting | null>;
  /** Up to `most` tasks of a state. */
  readonly take: (shelves: readonly Shelf[], state: TaskState, most: number) => Promise<Sighting[]>;
}

function createReading({ files, now }: World): Reading {
  return {
    async search(shelves, id) {
      for (const shelf of shelves) {
        const names = await namesIn(files, shelf.folder);
        const file = names.find((name) => name.endsWith(`-${id}.task`));
        if (file !== undefined) return sightingOf(shelf, file, now() * 1000);
      }
      return null;
    },
    async take(shelves, state, most) {
      const found: Sighting[] = [];
      for (const shelf of shelves) {
        const names = (await namesIn(files, shelf.folder)).sort();
        if (state === 'failed') names.reverse();
        for (const name of names) {
          if (found.length >= most) return found;
          const seen = sightingOf(shelf, name, now() * 1000);
          if (seen?.state === state) found.push(seen);
        }
      }
      return found;
    },
  };
}

export function createWhereabouts(world: World, layout: Layout): Whereabouts {
  const { files, now } = world;
  const { search, take } = createReading(world);
  const shelves = createShelves(files, layout);
  /** Where the tasks are that were listed last: who goes through them does not search for each. */
  let listed = new Map<string, Sighting>();

  const look = async (id: string): Promise<Sighting | null> =>
    (await search(shelves.failed, id)) ??
    (await search(await shelves.delayed(), id)) ??
    (await search(await shelves.ready(), id)) ??
    search(await shelves.claimed(), id);

  const gather = async (state: TaskState, most: number): Promise<readonly Sighting[]> => {
    switch (state) {
      case 'waiting': {
        // Those that were for later and are due are moved when somebody claims.
        const due = await take(await shelves.delayed(minuteOf(now() * 1000)), state, most);
        return [...(await take(await shelves.ready(), state, most)), ...due].sort(byPriority);
      }
      case 'delayed': {
        const later = await take(await shelves.delayed(), state, most);
        return [...later, ...(await take(shelves.again, state, most))].sort(byDue);
      }
      case 'running':
        return (await take(await shelves.claimed(), state, Infinity)).sort(byDue);
      case 'failed':
        return take(shelves.failed, state, most);
    }
  };

  return {
    async find(id) {
      const seen = listed.get(id);
      listed.delete(id);
      if (seen !== undefined && (await unlessGone(files.facts(seen.path))) !== null) return seen;
      for (let looks = 0; looks < LOOKS; looks++) {
        const found = await look(id);
        if (found !== null) return found;
      }
      return null;
    },
    async first(state, most) {
      const found = (await gather(state, most)).slice(0, most);
      listed = new Map(found.map((seen) => [seen.name.id, seen]));
      return found;
    },
  };
}

function byDue(one: Sighting, other: Sighting): number {
  return one.name.due - other.name.due;
}

/** Of the same priority those stay first that are offered again. */
function byPriority(one: Sighting, other: Sighting): number {
  return one.name.priority - other.name.priority;
}
