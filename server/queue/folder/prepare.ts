import { dirname, join } from 'node:path';
import { QUEUE_PROBLEMS } from '../../problems/queue.js';
import { QueueError } from '../queue-error.js';
import { codeOf, type Files, remove, unlessGone } from './files.js';
import { FORMAT, foldersOf, type Layout } from './layout.js';
import { readWhole, writeWhole } from './whole-file.js';
import type { World } from './world.js';

/**
 * Makes a folder a queue where it is none yet, unless it must be one; a folder that holds anything
 * else is refused.
 */
export async function prepare(
  { files, owners }: World,
  layout: Layout,
  mustExist: boolean,
): Promise<void> {
  const about = await readAbout(files, layout);
  if (about === null && mustExist) {
    throw new QueueError('not a queue', QUEUE_PROBLEMS.isNone(layout.root));
  }
  if (about === null) await begin(files, layout, owners.self);
  else checkAbout(layout.root, about);
  for (const folder of foldersOf(layout)) await makeMissing(files, folder);
  if ((await unlessGone(files.facts(layout.bell))) === null) await files.touch(layout.bell);
}

async function readAbout(files: Files, { root, about }: Layout): Promise<string | null> {
  try {
    return await readWhole(files, about, 4096);
  } catch (error) {
    if (codeOf(error) !== 'ENOTDIR') throw error;
    throw new QueueError('not a queue', QUEUE_PROBLEMS.isFile(root), error);
  }
}

/** `queue.json` is first, so that a folder with parts of a queue and without it is another's. */
async function begin(files: Files, layout: Layout, owner: string): Promise<void> {
  const { root } = layout;
  const names = (await unlessGone(files.list(root))) ?? null;
  const foreign = names?.find((name) => name !== 'lost+found' && !name.startsWith('queue.json.'));
  if (foreign !== undefined) {
    // Another process may have made it a queue since its queue.json was looked for.
    const about = await readAbout(files, layout);
    if (about !== null) {
      checkAbout(root, about);
      return;
    }
    const problem = QUEUE_PROBLEMS.holdsOthers(root, JSON.stringify(foreign));
    throw new QueueError('not a queue', problem);
  }
  if (names === null) {
    await files.makeFolder(root);
    await files.syncFolder(dirname(root));
  }
  const draft = join(root, `queue.json.${owner}`);
  await remove(files, draft);
  await writeWhole(files, draft, `${JSON.stringify({ format: FORMAT })}\n`);
  await files.rename(draft, layout.about);
  await files.syncFolder(root);
}

function checkAbout(root: string, about: string): void {
  let format: unknown;
  try {
    format = (JSON.parse(about) as { format?: unknown } | null)?.format;
  } catch {
    // It is told below.
  }
  if (format === FORMAT) return;
  if (typeof format === 'number') {
    throw new QueueError('format', QUEUE_PROBLEMS.otherFormat(root, format, FORMAT));
  }
  throw new QueueError('not a queue', QUEUE_PROBLEMS.aboutUnread(root, FORMAT));
}

async function makeMissing(files: Files, folder: string): Promise<void> {
  if ((await unlessGone(files.facts(folder))) !== null) return;
  await files.makeFolder(folder);
  await files.syncFolder(dirname(folder));
}
