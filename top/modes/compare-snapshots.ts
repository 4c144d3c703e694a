import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { SnapshotClasses } from '../../shared/memory/snapshot/class-book.js';
import { compareSnapshots } from '../../shared/memory/snapshot/compare.js';
import { readSnapshot } from '../../shared/memory/snapshot/read-snapshot.js';
import { err, messageOf, type Result } from '../../shared/result.js';
import { exitCode } from '../exit-codes.js';
import { sanitizeShort } from '../model/sanitize.js';
import type { TopOptions } from '../options.js';
import type { Ending } from '../terminal/ending.js';
import { COMPARISON_FORMATS, comparisonText } from '../view/snapshot-comparison/formats.js';
import { failed } from './source.js';

/** Classes that are written without `--all`. */
const USUAL_CLASSES = 30;
/** How much of a file is in memory at once. */
const PIECE_BYTES = 256 * 1024;

/** `--compare-snapshots`: says which classes grew from one file to the other, and ends. */
export async function compareFiles(
  { snapshots, format, all }: Pick<TopOptions, 'snapshots' | 'format' | 'all'>,
  around: { readonly ascii: boolean; readonly print: (text: string) => Promise<Ending> },
): Promise<Ending> {
  const [before, after] = snapshots;
  const first = readFile(before);
  if (!first.ok) return failed(exitCode('wrong'), first.error);
  const second = readFile(after);
  if (!second.ok) return failed(exitCode('wrong'), second.error);
  const comparison = compareSnapshots(first.value, second.value);
  const written = COMPARISON_FORMATS.find((name) => name === format) ?? 'text';
  const options = { most: all ? null : USUAL_CLASSES, ascii: around.ascii };
  return around.print(comparisonText(written, { before, after, comparison }, options));
}

/** Reads a file piece by piece, however large it is. The error names it, and what to do. */
function readFile(file: string): Result<SnapshotClasses, string> {
  const shown = sanitizeShort(file, 300);
  let fd: number;
  try {
    // A pipe must not keep the program waiting for who writes into it.
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return err(`--compare-snapshots: ${sanitizeShort(messageOf(error))}`);
  }
  try {
    if (!fstatSync(fd).isFile()) return err(`--compare-snapshots: ${shown} is no file`);
    const read = readAll(fd);
    return read.ok
      ? read
      : err(`${shown} is no whole .heapsnapshot: ${read.error}; name another file`);
  } catch (error) {
    return err(`--compare-snapshots: ${shown} cannot be read: ${messageOf(error)}`);
  } finally {
    closeSync(fd);
  }
}

function readAll(fd: number): Result<SnapshotClasses, string> {
  const reader = readSnapshot();
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  for (let length = -1; length !== 0;) {
    length = readSync(fd, piece);
    const pushed = reader.push(piece.subarray(0, length));
    if (!pushed.ok) return pushed;
  }
  return reader.end();
}
