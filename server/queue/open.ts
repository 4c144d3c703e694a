import type { Queue } from './contract.js';
import { openFolderQueue } from './folder/open.js';
import { isRedisUrl } from './redis/address.js';
import type { QueueSettings } from './settings.js';

/**
 * Opens the queue that a `--spooler` names, and makes it where it is not there yet, unless told
 * otherwise. The environment says with which password.
 */
export async function openQueue(
  name: string,
  settings: QueueSettings,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Queue> {
  if (!isRedisUrl(name)) return openFolderQueue(name, settings);
  // The engine is needed by few: it is loaded by them only.
  const { openRedisQueue } = await import('./redis/open.js');
  return openRedisQueue(name, settings, env);
}
