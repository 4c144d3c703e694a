import { codeOf, remove, unlessGone } from './files.js';
import type { Layout } from './layout.js';
import type { World } from './world.js';

/** Whether a queue is paused: a file is there, or is not. */
export interface Pause {
  isPaused(): Promise<boolean>;
  set(isPaused: boolean): Promise<void>;
}

export function createPause({ files }: World, { root, paused }: Layout): Pause {
  const mark = async (): Promise<void> => {
    try {
      await (await files.create(paused)).close();
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  };
  return {
    isPaused: async () => (await unlessGone(files.facts(paused))) !== null,
    async set(isPaused) {
      if (isPaused) await mark();
      else await remove(files, paused);
      await files.syncFolder(root);
    },
  };
}
