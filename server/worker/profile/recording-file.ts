import { closeSync, constants, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { makeRoom, PARTIAL } from './rotation.js';

/** Where a recording goes, and what all of them may take together, in bytes. */
export interface Destination {
  readonly file: string;
  readonly room: number;
}

/** A file that is written piece by piece; under its name there is either nothing or the whole. */
export interface RecordingFile {
  /** Bytes that are written so far. */
  readonly size: () => number;
  /** Throws when there is no room for it. */
  append(text: string): void;
  /** Gives the file its name, and takes older recordings away that have no room beside it. */
  keep(): void;
  /** Half a recording opens nowhere, and takes the room that was missing. */
  discard(): void;
}

/** Never writes into what is there already, or through a link. */
export function openRecording({ file, room }: Destination): RecordingFile {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const partial = file + PARTIAL;
  const fd = openSync(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  let size = 0;
  return {
    size: () => size,
    append(text) {
      const piece = Buffer.from(text);
      if (size + piece.length > room) {
        throw new Error(
          `the file grows beyond the ${room} bytes that --snapshot-dir may take: raise --snapshot-dir-size`,
        );
      }
      let written = 0;
      while (written < piece.length) written += writeSync(fd, piece, written);
      size += piece.length;
    },
    keep() {
      closeSync(fd);
      renameSync(partial, file);
      makeRoom(path.dirname(file), path.basename(file), room);
    },
    discard() {
      closeSync(fd);
      unlinkSync(partial);
    },
  };
}

/** Writes a recording that is known as a whole. */
export function saveRecording(destination: Destination, text: string): void {
  const out = openRecording(destination);
  try {
    out.append(text);
  } catch (error) {
    out.discard();
    throw error;
  }
  out.keep();
}
