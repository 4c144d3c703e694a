import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
} from 'node:fs';
import path from 'node:path';
import type { SnapshotClasses } from '../../shared/memory/snapshot/class-book.js';
import { compareSnapshots } from '../../shared/memory/snapshot/compare.js';
import { comparisonTable } from '../../shared/memory/snapshot/comparison-table.js';
import { readSnapshot } from '../../shared/memory/snapshot/read-snapshot.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import type { ComparisonRequest } from './request.js';

/** Classes that are told, and characters of their names, so that all fit into a message. */
const SHOWN = { classes: 20, characters: 100 } as const;
/** How much of a file is in memory at once. */
const PIECE_BYTES = 256 * 1024;

/**
 * Compares two snapshots in a folder, in which workers may have put whatever they like: the answer
 * is lines of text, or in one sentence why there is none.
 */
export function compareFiles(request: ComparisonRequest): Result<string, string> {
  const { folder, room } = request;
  const names = request.names === null ? newest(request) : ok(request.names);
  if (!names.ok) return names;
  const [before, after] = names.value;
  const first = readFile(folder, before, room);
  if (!first.ok) return first;
  const second = readFile(folder, after, room);
  if (!second.ok) return second;
  const comparison = compareSnapshots(first.value, second.value);
  const table = comparisonTable(comparison, { most: SHOWN.classes, clean: printable });
  return ok([`from ${before}`, `to ${after}`, ...table].join('\n'));
}

/** The two last snapshots of a process, the older one first. */
function newest({
  folder,
  worker,
  pid,
}: ComparisonRequest): Result<readonly [string, string], string> {
  const own = new RegExp(
    `^heap-worker-${worker}-pid-${pid}-\\d{8}T\\d{6}Z-[0-9a-f]{8}\\.heapsnapshot$`,
  );
  const found = readdirSync(folder)
    .filter((name) => own.test(name))
    .map((name) => ({ name, at: lstatSync(path.join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  const [after, before] = found;
  if (after !== undefined && before !== undefined) return ok([before.name, after.name]);
  const there = after === undefined ? 'no snapshot of this process' : 'one snapshot of it only';
  return err(`there is ${there} in --snapshot-dir: take two with heap-snapshot`);
}

/** Neither through a link nor from what is no file, and no more than the folder may hold. */
function readFile(folder: string, name: string, room: number): Result<SnapshotClasses, string> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let fd: number;
  try {
    fd = openSync(path.join(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    return err(`${name} cannot be opened: ${messageOf(error)}`);
  }
  try {
    const { size } = fstatSync(fd);
    if (!fstatSync(fd).isFile()) return err(`${name} is no file: name another one`);
    if (size > room) {
      return err(`${name} has ${size} bytes, more than the ${room} of --snapshot-dir-size`);
    }
    const read = readAll(fd, size);
    return read.ok ? read : err(`${name} is no whole snapshot: ${read.error}; take another`);
  } finally {
    closeSync(fd);
  }
}

/** Of a file that grows meanwhile only what was there. */
function readAll(fd: number, size: number): Result<SnapshotClasses, string> {
  const reader = readSnapshot();
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  for (let left = size; left > 0;) {
    const length = readSync(fd, piece, 0, Math.min(left, piece.length), null);
    if (length === 0) break;
    left -= length;
    const pushed = reader.push(piece.subarray(0, length));
    if (!pushed.ok) return pushed;
  }
  return reader.end();
}

/** Names come from the application, and end up in terminals. */
function printable(name: string): string {
  return name.slice(0, SHOWN.characters).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '?');
}
