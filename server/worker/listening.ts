import { fstatSync } from 'node:fs';
import net from 'node:net';

/**
 * Remembers what a descriptor is of; the answer tells whether it is still that. A failed module
 * closes the descriptor with its server, and the next file that is opened gets the same number.
 */
export function descriptorKept(fd: number): () => boolean {
  const before = identityOf(fd);
  return () => before !== null && identityOf(fd) === before;
}

/** Null when nothing is open there. */
function identityOf(fd: number): string | null {
  try {
    const { dev, ino } = fstatSync(fd, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

/** Resolves when a server listens, rejects with the error of `listen`. */
export function listening(server: net.Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
}

/** Whether an error comes from `listen`: then it is the socket that is wrong, not the application. */
export function isListenError(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'syscall') === 'listen';
}

/** Accepts on a further socket; `take` gets its connections. */
export function acceptOn(
  { fd, backlog }: { readonly fd: number; readonly backlog: number },
  take: (connection: net.Socket) => void,
): { readonly server: net.Server; readonly listening: Promise<void> } {
  const server = net.createServer(take);
  return { server, listening: listening(server.listen({ fd }, backlog)) };
}
