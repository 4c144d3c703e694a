import { integerIn, isFields, textUpTo } from '../../shared/fields.js';
import { isSnapshotName } from '../../shared/memory/snapshot/file-name.js';

/** What the process that compares is asked. */
export interface ComparisonRequest {
  /** The absolute path of `--snapshot-dir`. */
  readonly folder: string;
  /** Bytes: what is larger than all files in the folder may be is none of them. */
  readonly room: number;
  readonly worker: number;
  readonly pid: number;
  /** Two names in the folder, before and after; null for the two newest of that process. */
  readonly names: readonly [before: string, after: string] | null;
}

/** Reads what stands on the command line of that process; null when it is no request. */
export function readRequest(json: string): ComparisonRequest | null {
  const value: unknown = JSON.parse(json);
  if (!isFields(value)) return null;
  const folder = textUpTo(value['folder'], 4096);
  const room = integerIn(value['room'], 0, Number.MAX_SAFE_INTEGER);
  const worker = integerIn(value['worker'], 1, Number.MAX_SAFE_INTEGER);
  const pid = integerIn(value['pid'], 1, Number.MAX_SAFE_INTEGER);
  if (folder === undefined || room === undefined) return null;
  if (worker === undefined || pid === undefined) return null;
  const names: unknown = value['names'];
  if (names === null) return { folder, room, worker, pid, names };
  if (!Array.isArray(names)) return null;
  const [before, after] = names as unknown[];
  if (!isSnapshotName(before) || !isSnapshotName(after)) return null;
  return { folder, room, worker, pid, names: [before, after] };
}
