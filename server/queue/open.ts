import type { Queue } from './contract.js';
import { type FolderQueueSettings, openFolderQueue } from './folder/open.js';
import { isRedisUrl } from './redis/address.js';

/** Opens the queue that a `--spooler` names, and makes it where it is not there yet. */
export async function openQueue(name: string, settings: FolderQueueSettings): Promise<Queue> {
  if (!isRedisUrl(name)) return openFolderQueue(name, settings);
  // The engine is needed by few: it is loaded by them only.
  const { openRedisQueue } = await import('./redis/open.js');
  return openRedisQueue(name);
}
