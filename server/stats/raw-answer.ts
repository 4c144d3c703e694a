import type { Socket } from 'node:net';

/** What a client may send after it was taken for a silent one, before it is no longer read. */
const MAX_LATE_BYTES = 65_536;

/**
 * Answers as uWSGI's stats server does: the document, then EOF. The deadline is a clock of its own,
 * because `socket.setTimeout` starts again with every byte that a slow reader takes. Late bytes
 * are read and dropped: closing with unread ones would make the kernel reset the connection and
 * throw away what the client has not read yet.
 */
export function answerRaw(socket: Socket, document: Buffer, deadlineMs: number): void {
  const timer = setTimeout(() => socket.destroy(), deadlineMs);
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
