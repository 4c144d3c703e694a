import type { Writable } from 'node:stream';

/**
 * Writes the text of a standard input to a process that was just started, and ends it. Nothing waits
 * for that: one that dies before it has read all of it is told of by its end.
 */
export function handOn(text: string, to: unknown): void {
  if (!isWritable(to)) return;
  to.on('error', () => undefined);
  // The process keeps its end of a socket pair for good, which would keep ours open.
  to.end(text, () => to.destroy());
}

function isWritable(stream: unknown): stream is Writable {
  return typeof stream === 'object' && stream !== null && 'end' in stream;
}
