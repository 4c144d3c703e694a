import type { Files } from './files.js';

/**
 * Makes the names in folders durable, for all who ask at the same time at once: who comes while a
 * folder is being synced waits for the next sync, which may be that of many.
 */
export function createSharedSync(files: Files): (folder: string) => Promise<void> {
  const syncs = new Map<string, { running: Promise<void>; next: Promise<void> | null }>();

  const begin = (folder: string): Promise<void> => {
    const running = files.syncFolder(folder);
    const sync = { running, next: null };
    syncs.set(folder, sync);
    const end = (): void => {
      if (syncs.get(folder) === sync && sync.next === null) syncs.delete(folder);
    };
    running.then(end, end);
    return running;
  };

  return (folder) => {
    const sync = syncs.get(folder);
    if (sync === undefined) return begin(folder);
    sync.next ??= sync.running.then(
      () => begin(folder),
      () => begin(folder),
    );
    return sync.next;
  };
}
