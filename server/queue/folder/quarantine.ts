import { join } from 'node:path';
import { unlessGone, type Files } from './files.js';
import type { Layout } from './layout.js';
import { writeWhole } from './whole-file.js';
import type { World } from './world.js';

/** Puts a file that is no task out of the way, with the reason beside it. */
export type Quarantine = (path: string, name: string, why: string) => Promise<void>;

export function createQuarantine(
  { files, now }: World,
  layout: Layout,
  releaseKey: (path: string) => Promise<void>,
): Quarantine {
  return async (path, name, why) => {
    await releaseKey(path);
    const free = await freeName(files, layout.quarantine, name);
    const target = join(layout.quarantine, free);
    if ((await unlessGone(files.rename(path, target).then(() => true))) === null) return;
    const text = `${path}\n${why}\nput here ${new Date(now()).toISOString()}\n`;
    // The reason is a help: without room for it the file is out of the way all the same.
    await writeWhole(files, `${target}.why`, text).catch(() => undefined);
  };
}

async function freeName(files: Files, folder: string, name: string): Promise<string> {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}.${n}`;
    if ((await unlessGone(files.facts(join(folder, candidate)))) === null) return candidate;
  }
}
