import { join } from 'node:path';
import { integerIn, isFields } from '../../../shared/fields.js';
import type { FailedRun } from '../admin.js';
import { remove, type Files } from './files.js';
import type { Layout } from './layout.js';
import { readWhole, writeWhole } from './whole-file.js';
import type { World } from './world.js';

/** What went wrong in the runs of tasks: `failed/ID.json`. */
export interface History {
  /** Adds a run; one that is told twice is there once. */
  add(task: { readonly id: string; readonly name: string }, run: EndedRun): Promise<void>;
  forget(id: string): Promise<void>;
  /** The oldest first. */
  read(id: string): Promise<readonly FailedRun[]>;
}

/** A run as it is told: when it ended is now. */
export interface EndedRun {
  /** From 1. */
  readonly run: number;
  readonly error: string;
}

/** Only the last runs are kept, and of an error its beginning. */
const MOST_RUNS = 100;
const MOST_ERROR = 16 * 1024;
const MOST_FILE = 2 * MOST_RUNS * MOST_ERROR;

/** The file of what went wrong in the runs of a task. */
export function historyOf({ failed }: Layout, id: string): string {
  return join(failed, `${id}.json`);
}

export function createHistory({ files, owners, now }: World, layout: Layout): History {
  const pathOf = (id: string): string => historyOf(layout, id);
  return {
    async add({ id, name }, { run, error }) {
      const runs = runsIn(await readWhole(files, pathOf(id), MOST_FILE));
      const told = { run, at: now(), error: error.slice(0, MOST_ERROR) };
      const all = [...runs.filter((each) => each.run !== run), told].slice(-MOST_RUNS);
      const draft = join(layout.tmp, `${owners.self}.${id}.json`);
      await replace(files, draft, pathOf(id), `${JSON.stringify({ id, name, runs: all })}\n`);
    },
    async forget(id) {
      await remove(files, pathOf(id));
    },
    async read(id) {
      const runs = runsIn(await readWhole(files, pathOf(id), MOST_FILE));
      return runs.map(({ run, at, error }) => ({ attempt: run, at, error }));
    },
  };
}

async function replace(files: Files, draft: string, path: string, text: string): Promise<void> {
  try {
    await writeWhole(files, draft, text);
    await files.rename(draft, path);
  } catch (error) {
    await remove(files, draft).catch(() => undefined);
    throw error;
  }
}

interface KnownRun extends EndedRun {
  readonly at: number;
}

/** What is damaged is begun anew. */
function runsIn(text: string | null): KnownRun[] {
  try {
    const read: unknown = JSON.parse(text ?? '');
    const runs = isFields(read) ? read['runs'] : null;
    return Array.isArray(runs) ? runs.filter(isRun) : [];
  } catch {
    return [];
  }
}

function isRun(value: unknown): value is KnownRun {
  if (!isFields(value) || typeof value['error'] !== 'string') return false;
  const isCounted = integerIn(value['run'], 1, Number.MAX_SAFE_INTEGER) !== undefined;
  return isCounted && integerIn(value['at'], 0, Number.MAX_SAFE_INTEGER) !== undefined;
}
