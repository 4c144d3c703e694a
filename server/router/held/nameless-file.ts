import { randomBytes } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a file that only its descriptor leads to: nobody else can open it, and however this process
 * ends, nothing of it stays behind.
 */
export async function namelessFile(folder: string): Promise<FileHandle> {
  const name = path.join(folder, `tsuwsgi-body-${randomBytes(12).toString('hex')}`);
  // `x`: never a file, or a link, that somebody else has put there.
  const file = await open(name, 'wx+', 0o600);
  try {
    await unlink(name);
  } catch (error) {
    await file.close();
    throw error;
  }
  return file;
}
