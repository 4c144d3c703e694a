import type { Queue } from './contract.js';

/** Those in this process who want to know when there may be something to claim. */
export interface Watchers {
  readonly watch: Queue['watch'];
  readonly tell: () => void;
  /** Tells them at a time, in milliseconds since 1970. */
  readonly tellAt: (due: number) => void;
  /** Forgets them all. */
  readonly close: () => void;
}

/** A timer takes no more. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * `listen` begins to call `tell` when something happens elsewhere, and returns what ends that: it is
 * called when the first one watches, and what it returned when the last one has gone.
 */
export function createWatchers(
  now: () => number,
  listen: (tell: () => void) => () => void,
): Watchers {
  const watchers = new Set<{ readonly onChange: () => void }>();
  let unlisten: (() => void) | null = null;
  let timer: NodeJS.Timeout | null = null;

  const tell = (): void => {
    for (const { onChange } of watchers) onChange();
  };
  const silence = (): void => {
    unlisten?.();
    unlisten = null;
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };

  return {
    tell,
    tellAt(due) {
      if (watchers.size === 0) return;
      if (timer !== null) clearTimeout(timer);
      const wait = Math.max(1, Math.ceil(due - now()));
      timer = setTimeout(tell, Math.min(LONGEST_MS, wait)).unref();
    },
    watch(onChange) {
      const watcher = { onChange };
      watchers.add(watcher);
      unlisten ??= listen(tell);
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
