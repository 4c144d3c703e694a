import { fstatSync } from 'node:fs';
import net from 'node:net';

/** Whether a descriptor is still open: one that a failed module had is closed with its server. */
export function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
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
