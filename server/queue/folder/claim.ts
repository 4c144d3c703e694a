import { join } from 'node:path';
import { MOST_ATTEMPTS } from '../bounds.js';
import type { ClaimedTask } from '../contract.js';
import type { Delayed } from './delayed.js';
import { unlessGone } from './files.js';
import type { Held } from './held.js';
import { AGAIN, type Layout } from './layout.js';
import { moveInto } from './move.js';
import type { Quarantine } from './quarantine.js';
import { type ReadTask, readTask } from './read-task.js';
import type { Candidate, Ready } from './ready.js';
import { encodeName, type TaskName } from './task-name.js';
import type { World } from './world.js';

export interface ClaimParts {
  readonly world: World;
  readonly layout: Layout;
  readonly ready: Ready;
  readonly delayed: Delayed;
  readonly quarantine: Quarantine;
  /** The tasks that are claimed, by id. */
  readonly held: Map<string, Held>;
  /** One after the other, and a failed one before the next. */
  readonly ordered: boolean;
  /** Told when the next task is due that is not yet, in microseconds. */
  readonly onNextDue: (due: number) => void;
}

/** What a rename made this process's. */
interface Taken {
  readonly path: string;
  readonly file: string;
  readonly name: TaskName;
}

/** Claims the next task: one rename decides between all who try. */
export function createClaim(parts: ClaimParts): () => Promise<ClaimedTask | null> {
  const { world, layout, ready, delayed, quarantine, held, ordered, onNextDue } = parts;
  const { files, owners } = world;
  const folder = join(layout.claimed, owners.self);

  const rename = async ({ path, name }: Candidate): Promise<Taken | null> => {
    const next = { ...name, attempt: Math.min(MOST_ATTEMPTS, name.attempt + 1) };
    const file = encodeName(next);
    if (!(await moveInto(files, path, folder, file))) return null;
    return { path: join(folder, file), file, name: next };
  };

  const pick = async (): Promise<Taken | null> => {
    const due = await delayed.promote();
    if (due !== null) onNextDue(due);
    for await (const candidate of ready.candidates()) {
      if (ordered && candidate.isAgain && candidate.name.due > world.now() * 1000) {
        onNextDue(candidate.name.due);
        return null;
      }
      const taken = await rename(candidate);
      if (taken !== null) return taken;
    }
    return null;
  };

  const putBack = ({ path, name }: Taken): Promise<boolean> => {
    const file = encodeName({ ...name, attempt: name.attempt - 1 });
    return moveInto(files, path, join(layout.priority(name.priority), AGAIN), file);
  };

  const load = async (taken: Taken): Promise<ClaimedTask | null> => {
    const read = await unlessGone(readTask(files, taken.path)).catch(async (error: unknown) => {
      await putBack(taken);
      throw error;
    });
    if (read === null) return null;
    const why = read.ok ? mismatch(taken.name, read.value) : read.error;
    if (!read.ok || why !== null) {
      await quarantine(taken.path, taken.file, why ?? '');
      return null;
    }
    const { head, facts } = read.value;
    held.set(head.id, { path: taken.path, name: taken.name, head, facts });
    return claimedTask(world, taken, read.value);
  };

  return async () => {
    for (;;) {
      const taken = await pick();
      if (taken === null) return null;
      const task = await load(taken);
      if (task !== null) return task;
    }
  };
}

/** A file under the name of another task is not run: nobody knows whose it is. */
function mismatch(name: TaskName, { head }: ReadTask): string | null {
  const fits = head.id === name.id && head.priority === name.priority;
  return fits ? null : `its name does not fit what is in it: a task ${head.id}`;
}

function claimedTask({ files }: World, { path, name }: Taken, read: ReadTask): ClaimedTask {
  const { id, payload, spooledAt, hasBody, priority, retries, backoff, timeout, dedupeKey } =
    read.head;
  return {
    id,
    name: read.head.name,
    payload,
    body: hasBody ? () => files.stream(path, read.start, read.end) : null,
    attempt: name.attempt,
    order: { priority, retries, backoff, timeout, dedupeKey },
    spooledAt,
  };
}
