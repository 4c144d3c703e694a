import { statSync } from 'node:fs';

/** How often the files are looked at: some microseconds each. */
const EVERY_MS = 100;
/** A change is told when nothing changed further for this long: editors and checkouts write in steps. */
const QUIET_MS = 200;

export interface FileWatch {
  /** Watches these too, from how they are now. */
  readonly add: (files: readonly string[]) => void;
  readonly stop: () => void;
}

/**
 * Calls `onChange` with the files that were written, created, removed or replaced. They are polled:
 * watches of the system are lost when an editor or a checkout replaces a folder, do not reach into
 * containers, and are few.
 */
export function watchFiles(onChange: (files: readonly string[]) => void): FileWatch {
  const stamps = new Map<string, string>();
  const changed = new Set<string>();
  let changedAt = 0;
  const look = (): void => {
    const now = performance.now();
    for (const [file, before] of stamps) {
      const stamp = stampOf(file);
      if (stamp === before) continue;
      stamps.set(file, stamp);
      changed.add(file);
      changedAt = now;
    }
    if (changed.size === 0 || now - changedAt < QUIET_MS) return;
    const files = [...changed];
    changed.clear();
    onChange(files);
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    add(files) {
      for (const file of files) if (!stamps.has(file)) stamps.set(file, stampOf(file));
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}

/** What tells one state of a file from another; empty while there is none. */
function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return '';
  }
}
