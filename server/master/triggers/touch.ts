import { stat } from 'node:fs/promises';
import type { Log } from '../../log.js';

/** As often as uWSGI looks. */
const EVERY_MS = 1000;

export interface TouchWatch {
  /** The option, for the log. */
  readonly option: string;
  readonly files: readonly string[];
  readonly onTouch: () => void;
  readonly log: Log;
  readonly everyMs?: number;
}

/**
 * Calls `onTouch` when the time of a file changes, and when it is created or removed, until the
 * returned function is called. A file that is missing at the start is only logged. The times are
 * polled, so that it also works on file systems that tell nobody of changes, and in containers.
 */
export function watchTouch(watch: TouchWatch): () => void {
  const { option, files, onTouch, log } = watch;
  if (files.length === 0) return () => undefined;
  const known = new Map<string, number | null>();
  let looking = false;
  let stopped = false;
  const look = async (): Promise<void> => {
    const times = await Promise.all(files.map(timeOf));
    if (stopped) return;
    const touched = files.filter((file, index) => {
      const before = known.get(file);
      const now = times[index] ?? null;
      known.set(file, now);
      if (before === undefined && now === null) {
        log(`--${option} ${file}: there is no such file yet; its creation will count`);
      }
      return before !== undefined && before !== now;
    });
    for (const file of touched) log(`*** ${file} has been touched...`);
    if (touched.length > 0) onTouch();
  };
  const lookUnlessLooking = (): void => {
    // A file system that hangs must not pile up questions.
    if (looking) return;
    looking = true;
    void look().finally(() => (looking = false));
  };
  lookUnlessLooking();
  const timer = setInterval(lookUnlessLooking, watch.everyMs ?? EVERY_MS);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

/** When a file was written last, in milliseconds since 1970; null when there is none. */
async function timeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    return null;
  }
}
