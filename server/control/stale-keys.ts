import { constants } from 'node:fs';
import { open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isFields } from '../../shared/fields.js';
import { MAX_KEY_FILE, pidNamespace } from './key-file.js';

/** More files than this in a runtime directory are not ours to sort out. */
const MAX_FILES = 1000;

/**
 * Removes the key files of masters that are provably dead: their process id is free, and it was
 * given out in the process-id namespace that we live in (a container may share the directory).
 * Everything else stays. Returns how many were removed.
 */
export async function removeStaleKeys(directory: string): Promise<number> {
  const namespace = pidNamespace();
  if (namespace === '') return 0;
  const names = await readdir(directory).catch(() => []);
  let removed = 0;
  for (const name of names.slice(0, MAX_FILES)) {
    if (!/^[0-9a-fA-F-]{8,64}\.key$/.test(name)) continue;
    const path = join(directory, name);
    const pid = await writerOf(path, namespace);
    if (pid === null || !isDead(pid)) continue;
    await unlink(path).then(
      () => removed++,
      () => undefined,
    );
  }
  return removed;
}

/** The master that wrote a key file; null when it does not say, or lives in another namespace. */
async function writerOf(path: string, namespace: string): Promise<number | null> {
  const content = await readKeyFile(path);
  if (!isFields(content) || content['pid_namespace'] !== namespace) return null;
  const pid = content['pid'];
  return typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 ? pid : null;
}

async function readKeyFile(path: string): Promise<unknown> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile() || stats.size > MAX_KEY_FILE) return null;
      return JSON.parse(await file.readFile('utf8'));
    } finally {
      await file.close();
    }
  } catch {
    // Unreadable, not JSON, or gone meanwhile: it proves nothing.
    return null;
  }
}

function isDead(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
