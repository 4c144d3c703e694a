import type { Files, OpenFile } from '../../server/queue/folder/files.js';

/** How the process ends, or what fails, at one call. */
export type Death =
  /** Nothing of the call happens, nor of any after it. */
  | 'before the call'
  /** Half of what the call was to write is written, and nothing happens after it. */
  | 'in the midst of a write'
  /** The call fails for want of room, and all others work. */
  | 'no room';

export interface DyingFiles {
  readonly files: Files;
  /** Calls count from here on. */
  arm(): void;
  /** How many calls were made since. */
  calls(): number;
}

/**
 * Files that fail at call number `at`, from 0; Infinity: never. For a death in a write only writes
 * count.
 */
export function dyingFiles(real: Files, at: number, death: Death): DyingFiles {
  let calls = 0;
  let isArmed = false;

  /** Throws where the call is not to be made. */
  const step = async (tear?: () => Promise<void>): Promise<void> => {
    const isTold = death !== 'in the midst of a write' || tear !== undefined || calls > at;
    if (!isArmed || !isTold) return;
    const mine = calls++;
    if (mine < at || (mine > at && death === 'no room')) return;
    if (mine === at && death === 'in the midst of a write') await tear?.();
    throw death === 'no room'
      ? Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
      : new Error('the process is dead');
  };
  const then =
    <A extends unknown[], T>(act: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      await step();
      return act(...args);
    };
  const wrap = (file: OpenFile): OpenFile => ({
    facts: then(() => file.facts()),
    read: then((into, position) => file.read(into, position)),
    sync: then(() => file.sync()),
    async write(bytes) {
      await step(() => file.write(bytes.subarray(0, bytes.length >> 1)));
      await file.write(bytes);
    },
    // The kernel closes what the dead had open, so that no descriptor is left over in the test.
    async close() {
      await file.close();
      await step();
    },
  });
  return {
    arm() {
      isArmed = true;
    },
    calls: () => calls,
    files: {
      list: then((folder) => real.list(folder)),
      facts: then((path) => real.facts(path)),
      makeFolder: then((path) => real.makeFolder(path)),
      removeFolder: then((path) => real.removeFolder(path)),
      rename: then((from, to) => real.rename(from, to)),
      link: then((from, to) => real.link(from, to)),
      unlink: then((path) => real.unlink(path)),
      create: then(async (path) => wrap(await real.create(path))),
      open: then(async (path) => wrap(await real.open(path))),
      syncFolder: then((path) => real.syncFolder(path)),
      touch: then((path) => real.touch(path)),
      stream: (path, start, end) => real.stream(path, start, end),
      watch: (path, onChange) => real.watch(path, onChange),
    },
  };
}
