import { unlessGone, type Files } from './files.js';

/** Writes a small file anew, and makes its content durable. */
export async function writeWhole(files: Files, path: string, text: string): Promise<void> {
  const file = await files.create(path);
  try {
    await file.write(Buffer.from(text));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Reads a small file, `most` bytes of it; null where it is missing. */
export async function readWhole(files: Files, path: string, most: number): Promise<string | null> {
  const file = await unlessGone(files.open(path));
  if (file === null) return null;
  try {
    const bytes = Buffer.allocUnsafe(Math.min(most, (await file.facts()).size));
    return bytes.toString('utf8', 0, await file.read(bytes, 0));
  } finally {
    await file.close();
  }
}
