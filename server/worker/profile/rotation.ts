import { lstatSync, readdirSync, unlinkSync } from 'node:fs';
import path from 'node:path';

/** The end of a name while its file is being written. */
export const PARTIAL = '.part';

/** The names that a master gives: whatever else lies in the folder is somebody else's. */
const NAME =
  /^(?:cpu|heap|heap-profile)-worker-\d+-pid-(\d+)-\d{8}T\d{6}Z-[0-9a-f]{8}\.(?:cpuprofile|heapsnapshot|heapprofile)(\.part)?$/;

/** A recording in the folder. */
export interface Kept {
  readonly name: string;
  readonly bytes: number;
  /** When it was written, in milliseconds since 1970. */
  readonly at: number;
  /** Half of one, whose writer is gone. */
  readonly isOrphan: boolean;
}

/** What has to go so that the rest takes no more than `room`: orphans, then the oldest. */
export function superfluous(files: readonly Kept[], newest: string, room: number): string[] {
  const gone = files.filter(({ isOrphan }) => isOrphan).map(({ name }) => name);
  const whole = files
    .filter(({ isOrphan }) => !isOrphan)
    .sort((a, b) => Number(b.name === newest) - Number(a.name === newest) || b.at - a.at);
  let taken = 0;
  for (const { name, bytes } of whole) {
    taken += bytes;
    if (taken > room && name !== newest) gone.push(name);
  }
  return gone;
}

/** Deletes what is superfluous in a folder; what cannot be deleted stays. */
export function makeRoom(folder: string, newest: string, room: number): void {
  for (const name of superfluous(recordingsIn(folder), newest, room)) {
    try {
      unlinkSync(path.join(folder, name));
    } catch {
      // Another worker was quicker.
    }
  }
}

function recordingsIn(folder: string): Kept[] {
  return readdirSync(folder).flatMap((name) => {
    const match = NAME.exec(name);
    if (match === null) return [];
    try {
      const { size, mtimeMs } = lstatSync(path.join(folder, name));
      const isOrphan = match[2] !== undefined && !isAlive(Number(match[1]));
      // One that is being written by a living process is no room to make.
      if (match[2] !== undefined && !isOrphan) return [];
      return [{ name, bytes: size, at: mtimeMs, isOrphan }];
    } catch {
      return [];
    }
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
