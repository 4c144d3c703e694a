import type { Files } from './files.js';

/** Tells those who watch that there may be something to claim. */
export interface Bell {
  /** Wakes whoever watches this queue, in this process and in others. */
  ring(): Promise<void>;
  /** Wakes those of this process when a task becomes due. */
  ringAt(due: number): void;
  watch(onChange: () => void): () => void;
  close(): void;
}

/** A timer takes no more. */
const LONGEST_MS = 2 ** 31 - 1;

export function createBell(files: Files, path: string, now: () => number): Bell {
  const watchers = new Set<{ readonly onChange: () => void }>();
  let unwatch: (() => void) | null = null;
  let timer: NodeJS.Timeout | null = null;

  const tell = (): void => {
    for (const { onChange } of watchers) onChange();
  };
  const silence = (): void => {
    unwatch?.();
    unwatch = null;
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };

  return {
    async ring() {
      // Who does not hear it finds the task when it looks by itself.
      await files.touch(path).catch(() => undefined);
    },
    ringAt(due) {
      if (watchers.size === 0) return;
      if (timer !== null) clearTimeout(timer);
      const wait = Math.max(1, Math.ceil(due / 1000 - now()));
      timer = setTimeout(tell, Math.min(LONGEST_MS, wait)).unref();
    },
    watch(onChange) {
      const watcher = { onChange };
      watchers.add(watcher);
      unwatch ??= files.watch(path, tell);
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0) silence();
      };
    },
    close() {
      watchers.clear();
      silence();
    },
  };
}
