import { statfsSync } from 'node:fs';
import path from 'node:path';
import { err, ok, type Result } from '../../shared/result.js';
import { privateDirectory } from '../control/private-directory.js';
import type { RecordingKind } from '../wire/profile-frames.js';

/** Who made a file, and when: all that its name is made from. */
export interface SnapshotName {
  readonly worker: number;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Hexadecimal digits that nobody can foresee. */
  readonly random: string;
}

/** How the name of each kind begins and ends: DevTools goes by the end. */
const KINDS = {
  cpu: { begin: 'cpu', end: 'cpuprofile' },
  'heap-snapshot': { begin: 'heap', end: 'heapsnapshot' },
  'heap-profile': { begin: 'heap-profile', end: 'heapprofile' },
} as const;

/** `cpu-worker-2-pid-4711-20261125T183000Z-1a2b3c4d.cpuprofile`; nothing in it is a client's. */
export function recordingName(
  kind: Exclude<RecordingKind, 'gc'>,
  { worker, pid, at, random }: SnapshotName,
): string {
  const { begin, end } = KINDS[kind];
  const time = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${begin}-worker-${worker}-pid-${pid}-${time}-${random}.${end}`;
}

/** The folder of `--snapshot-dir`: made, or checked, each time something is written into it. */
export interface SnapshotDirectory {
  /** Absolute. */
  readonly path: string;
  /** What all recordings in it may take together, in bytes: the oldest go. */
  readonly room: number;
  /** Bytes that are free there for those who are not root; null where nobody tells. */
  free(): number | null;
  /** The absolute path for a file, or in one sentence why there can be none. */
  place(name: string): Result<string, string>;
  /** The folder, or in one sentence why it cannot be used. */
  folder(): Result<string, string>;
}

/** A user and a group, by number. */
interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** `owner` is the user that the workers run as, who write into it. */
export function snapshotDirectory(
  directory: string,
  owner: Owner,
  room: number,
): SnapshotDirectory {
  const folder = path.resolve(directory);
  const remedy = 'name another folder in --snapshot-dir';
  const checked = (): Result<string, string> => {
    const there = privateDirectory(folder, { ...owner, remedy });
    return there.ok ? ok(folder) : err(`--snapshot-dir: ${there.error}`);
  };
  return {
    path: folder,
    room,
    free: () => freeBytes(folder),
    place(name) {
      const there = checked();
      return there.ok ? ok(path.join(there.value, name)) : there;
    },
    folder: checked,
  };
}

function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** The folder that the options name; null when they name none. */
export function snapshotDirectoryOf(
  options: {
    readonly 'snapshot-dir': string | undefined;
    readonly 'snapshot-dir-size': number;
  },
  users: { readonly owner: Owner; readonly children: Owner | null },
): SnapshotDirectory | null {
  const folder = options['snapshot-dir'];
  const room = options['snapshot-dir-size'] * 1024 * 1024;
  return folder === undefined
    ? null
    : snapshotDirectory(folder, users.children ?? users.owner, room);
}
