import type { ChildProcess } from 'node:child_process';
import { Readable } from 'node:stream';
import type { LineOrigin } from './block.js';
import { createLineCutter } from './line-cutter.js';

/** Indented lines that belong to the last one are waited for so long, milliseconds. */
const HOLD_MS = 30;

/** Takes whole lines of a child. */
export type TakeLines = (block: Buffer, origin: LineOrigin) => void;

/** Which process a child is. */
export type ChildOrigin = Pick<LineOrigin, 'process' | 'id'>;

/**
 * Reads what a child writes to stdout and stderr, and to the pipe of its request lines where it has
 * one, to their ends; settles then. It always reads: whoever is slow to write it down is not the
 * child's concern. Lines of errors are held until those are there that belong to them.
 */
export async function collect(
  child: ChildProcess,
  { process, id }: ChildOrigin,
  requestsAt: number | null,
  take: TakeLines,
): Promise<void> {
  const pid = child.pid ?? 0;
  const origin = (stream: LineOrigin['stream']): LineOrigin => ({ process, id, pid, stream });
  const read = (index: number, stream: LineOrigin['stream']): Promise<void> =>
    readLines(pipeAt(child, index), stream !== null, (block) => {
      take(block, origin(stream));
    });
  await Promise.all([
    read(1, 'stdout'),
    read(2, 'stderr'),
    ...(requestsAt === null ? [] : [read(requestsAt, null)]),
  ]);
}

function pipeAt(child: ChildProcess, index: number): Readable | null {
  const pipe: unknown = child.stdio[index];
  return pipe instanceof Readable ? pipe : null;
}

function readLines(
  pipe: Readable | null,
  keepsTogether: boolean,
  onLines: (block: Buffer) => void,
): Promise<void> {
  if (pipe === null) return Promise.resolve();
  const cutter = createLineCutter(keepsTogether, onLines);
  let held: NodeJS.Timeout | null = null;
  const release = (): void => {
    held = null;
    cutter.release();
  };
  pipe.on('data', (piece: Buffer) => {
    cutter.push(piece);
    if (cutter.isHolding) held ??= setTimeout(release, HOLD_MS).unref();
  });
  // A child that dies may reset its pipes; what was read of them is there.
  pipe.on('error', () => undefined);
  return new Promise((resolve) => {
    pipe.once('close', () => {
      if (held !== null) clearTimeout(held);
      cutter.end();
      resolve();
    });
  });
}
