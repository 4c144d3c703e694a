import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { eventually } from './eventually.js';

/**
 * Writes to a FIFO once somebody reads it. Unlike a shell's `>` it makes no file where there is no
 * FIFO yet, as for a moment between two masters.
 */
export async function writeFifo(path: string, letters: string): Promise<void> {
  const fd = await eventually(`a reader of ${path}`, () =>
    openSync(path, constants.O_WRONLY | constants.O_NONBLOCK),
  );
  writeSync(fd, letters);
  closeSync(fd);
}
