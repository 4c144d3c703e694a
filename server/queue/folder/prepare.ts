import { dirname, join } from 'node:path';
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
  if (about === null && mustExist) throw missing(layout.root);
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
    throw new QueueError('not a queue', `queue ${root}: it is a file: name a folder`, error);
  }
}

function missing(root: string): QueueError {
  const message = `queue ${root}: there is no queue.json, so it is not a queue: name the folder of a --spooler`;
  return new QueueError('not a queue', message);
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
    const message = `queue ${root}: the folder holds ${JSON.stringify(foreign)} and no queue.json, so it is not a queue: name an empty folder, or one that is not there yet`;
    throw new QueueError('not a queue', message);
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
    const message = `queue ${root}: its format is ${format}, and this version knows format ${FORMAT}: use the version that made it, or name another folder`;
    throw new QueueError('format', message);
  }
  const message = `queue ${root}: its queue.json is not that of a queue: name another folder, or write {"format": ${FORMAT}} into it if it is one`;
  throw new QueueError('not a queue', message);
}

async function makeMissing(files: Files, folder: string): Promise<void> {
  if ((await unlessGone(files.facts(folder))) !== null) return;
  await files.makeFolder(folder);
  await files.syncFolder(dirname(folder));
}
