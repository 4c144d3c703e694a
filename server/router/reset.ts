import type { Socket } from 'node:net';

/**
 * Breaks a TCP connection by a reset, behind what was written. One that is ending already, since its
 * client has left, is only closed: the kernel's handle cannot be reset then, and Node, which tries and
 * forgets it all the same, would leave its descriptor open for ever.
 */
export function resetConnection(socket: Socket): void {
  if (socket.writable) socket.resetAndDestroy();
  else socket.destroy();
}
