import { open, type FileHandle } from 'node:fs/promises';

/** How much of the end is read at first, and at most: a line is as long as a document. */
const FIRST = 64 * 1024;
const MOST = 16 * 1024 * 1024;

/** What every line of a recording begins with: `--record` and `--ndjson` write the time in front. */
const ARRIVAL = /^\{"tsuwsgitop":\{"received_at":(\d{1,12}(?:\.\d{1,3})?)[,}]/;

const LINE_FEED = 0x0a;

/**
 * When the last document of a recording came, milliseconds since 1970, read from the end of the file.
 * Null where that cannot be told without reading all of it: a pipe, or lines that others wrote.
 */
export async function recordingEnd(file: string): Promise<number | null> {
  try {
    await using handle = await open(file);
    const stats = await handle.stat();
    return stats.isFile() ? await lastArrival(handle, stats.size) : null;
  } catch {
    // Who reads the recording itself is told what is wrong with the file.
    return null;
  }
}

async function lastArrival(handle: FileHandle, size: number): Promise<number | null> {
  for (let length = FIRST; length <= MOST; length *= 4) {
    const from = Math.max(0, size - length);
    const chunk = Buffer.alloc(size - from);
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, from);
    const found = lastIn(chunk.subarray(0, bytesRead), from === 0);
    if (found !== null || from === 0) return found;
  }
  return null;
}

/** The time of the last whole line that begins in these bytes; a line that broke off is no document. */
function lastIn(chunk: Buffer, isAll: boolean): number | null {
  let end = chunk.lastIndexOf(LINE_FEED);
  while (end > 0) {
    const before = chunk.lastIndexOf(LINE_FEED, end - 1);
    if (before < 0 && !isAll) return null;
    const head = chunk.subarray(before + 1, Math.min(end, before + 1 + 80)).toString('latin1');
    const seconds = ARRIVAL.exec(head)?.[1];
    if (seconds !== undefined) return Math.round(Number(seconds) * 1000);
    if (before < 0) return null;
    end = before;
  }
  return null;
}
