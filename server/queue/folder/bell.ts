import type { Queue } from '../contract.js';
import { createWatchers } from '../watchers.js';
import type { Files } from './files.js';

/** Tells those who watch that there may be something to claim. */
export interface Bell {
  /** Wakes whoever watches this queue, in this process and in others. */
  ring(): Promise<void>;
  /** Wakes those of this process when a task becomes due, in microseconds since 1970. */
  readonly ringAt: (due: number) => void;
  readonly watch: Queue['watch'];
  close(): void;
}

export function createBell(files: Files, path: string, now: () => number): Bell {
  const watchers = createWatchers(now, (tell) => files.watch(path, tell));
  return {
    async ring() {
      // Who does not hear it finds the task when it looks by itself.
      await files.touch(path).catch(() => undefined);
    },
    ringAt(due) {
      watchers.tellAt(due / 1000);
    },
    watch: watchers.watch,
    close: watchers.close,
  };
}
