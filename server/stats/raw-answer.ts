import type { Socket } from 'node:net';
import type { Limits } from './limits.js';

/** What a client may send after it was taken for a silent one, before it is no longer read. */
const MAX_LATE_BYTES = 65_536;

/**
 * Answers as uWSGI's stats server does: the document, then EOF. A reader that takes nothing for a
 * while is closed: Node's own timeout starts again with every byte that is taken. A clock of its own
 * ends one that takes byte after byte. Late bytes
 * are read and dropped: closing with unread ones would make the kernel reset the connection and
 * throw away what the client has not read yet.
 */
export function answerRaw(
  socket: Socket,
  document: Buffer,
  limits: Pick<Limits, 'rawDeadlineMs' | 'rawStalledMs'>,
): void {
  const timer = setTimeout(() => socket.destroy(), limits.rawDeadlineMs);
  socket.setTimeout(limits.rawStalledMs, () => socket.destroy());
  socket.once('close', () => {
    clearTimeout(timer);
  });
  let late = 0;
  socket.on('data', (bytes: Buffer) => {
    late += bytes.length;
    if (late > MAX_LATE_BYTES) socket.pause();
  });
  socket.end(document);
}
