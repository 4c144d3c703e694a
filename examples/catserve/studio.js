// Where paintings are kept: how far each is as `<id>.json`, and what is to be seen as `<id>.svg`.
// The application and the tasks are different processes, and meet here.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

const FOLDER = path.resolve(process.env.CATSERVE_PAINTINGS ?? 'catserve-paintings');

/** There is no room for more on the wall: the oldest go. */
const MOST = 100;

/** How far a painting is: `{ cat, step, of, what }`; null where there is none. */
export async function readPainting(id) {
  try {
    return JSON.parse(await readFile(fileOf(id, 'json'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** What of it can be seen; null where there is none. */
export async function readCanvas(id) {
  try {
    return await readFile(fileOf(id, 'svg'), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Keeps a painting as it is now. Who reads meanwhile sees the one before, never half of one. */
export async function keep(id, painting, svg) {
  await mkdir(FOLDER, { recursive: true });
  await replace(fileOf(id, 'svg'), svg);
  await replace(fileOf(id, 'json'), JSON.stringify(painting));
}

/** Keeps a painting that was ordered; one that was begun meanwhile stays as it is. */
export async function hang(id, painting) {
  await mkdir(FOLDER, { recursive: true });
  try {
    await writeFile(fileOf(id, 'json'), JSON.stringify(painting), { flag: 'wx' });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

/** Removes the oldest paintings. */
export async function makeRoom() {
  await mkdir(FOLDER, { recursive: true });
  const ids = (await readdir(FOLDER)).filter((name) => name.endsWith('.json'));
  if (ids.length <= MOST) return;
  const aged = await Promise.all(
    ids.map(async (name) => ({ name, at: (await stat(path.join(FOLDER, name))).mtimeMs })),
  );
  aged.sort((one, other) => one.at - other.at);
  for (const { name } of aged.slice(0, ids.length - MOST)) {
    const id = name.slice(0, -'.json'.length);
    await rm(fileOf(id, 'svg'), { force: true });
    await rm(fileOf(id, 'json'), { force: true });
  }
}

async function replace(file, text) {
  await writeFile(`${file}.${process.pid}`, text);
  await rename(`${file}.${process.pid}`, file);
}

const fileOf = (id, type) => path.join(FOLDER, `${id}.${type}`);
