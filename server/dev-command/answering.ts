import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const EVERY_MS = 50;

/** Settles with true as soon as somebody accepts at a port, and with false when the signal aborts. */
export async function isAnswering(
  port: number,
  host: string,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    const socket = net.connect(port, host);
    try {
      await once(socket, 'connect', { signal });
      return true;
    } catch {
      // Nobody listens yet: a socket that is bound refuses until its first worker does.
      await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
    } finally {
      socket.destroy();
    }
  }
  return false;
}
