import { join } from 'node:path';
import { remove, type Files } from './files.js';
import type { Layout } from './layout.js';
import { readWhole, writeWhole } from './whole-file.js';
import type { World } from './world.js';

/** What went wrong in the runs of tasks: `failed/ID.json`. */
export interface History {
  /** Adds a run; one that is told twice is there once. */
  add(task: { readonly id: string; readonly name: string }, run: FailedRun): Promise<void>;
  forget(id: string): Promise<void>;
}

export interface FailedRun {
  /** From 1. */
  readonly run: number;
  readonly error: string;
}

/** Only the last runs are kept, and of an error its beginning. */
const MOST_RUNS = 100;
const MOST_ERROR = 16 * 1024;
const MOST_FILE = 2 * MOST_RUNS * MOST_ERROR;

export function createHistory({ files, owners, now }: World, layout: Layout): History {
  const pathOf = (id: string): string => join(layout.failed, `${id}.json`);
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

/** What is damaged is begun anew. */
function runsIn(text: string | null): (FailedRun & { readonly at: number })[] {
  try {
    const read = JSON.parse(text ?? '') as { runs?: unknown };
    return Array.isArray(read.runs) ? (read.runs as (FailedRun & { at: number })[]) : [];
  } catch {
    return [];
  }
}
