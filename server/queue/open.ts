import type { Queue } from './contract.js';
import { type FolderQueueSettings, openFolderQueue } from './folder/open.js';

/** Opens the queue that a `--spooler` names, and makes it where it is not there yet. */
export function openQueue(folder: string, settings: FolderQueueSettings): Promise<Queue> {
  return openFolderQueue(folder, settings);
}
