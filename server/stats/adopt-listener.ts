import { lstatSync, unlinkSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { startListening, type Listener, type OnConnection } from './listen-tcp.js';

/** A listening descriptor that an old master left. */
export interface InheritedListener {
  readonly fd: number;
  /** As bound. */
  readonly name: string;
  readonly kind: 'tcp' | 'unix';
  /** The absolute path of its file; null where there is none. */
  readonly file: string | null;
}

/**
 * Accepts on a descriptor that listens already, once `takenOver` has settled; until then clients
 * are the old master's, or wait in the kernel's queue.
 */
export function adoptListener(
  inherited: InheritedListener,
  options: {
    readonly onConnection: OnConnection;
    readonly log: (line: string) => void;
    readonly takenOver: Promise<void>;
  },
): Listener {
  const { fd, name, kind, file } = inherited;
  const inode = file === null ? undefined : inodeOf(file);
  const state: { server?: Server; closed: boolean } = { closed: false };
  const leave = (): void => {
    state.closed = true;
    state.server?.close();
  };
  const listener: Listener = {
    address: name,
    kind,
    fd,
    file,
    close() {
      leave();
      if (file !== null && inode !== undefined && inodeOf(file) === inode) tryUnlink(file);
    },
    leave,
  };
  const isClosed = (): boolean => state.closed;
  const accept = (socket: Socket): void => {
    options.onConnection(socket, listener);
  };
  const begin = async (): Promise<void> => {
    await options.takenOver;
    if (isClosed()) return;
    const started = await startListening({ fd }, accept);
    if (!started.ok) {
      options.log(`stats server: ${name} cannot be taken over: ${started.error.message}`);
      return;
    }
    state.server = started.value;
    if (isClosed()) leave();
  };
  void begin();
  return listener;
}

function inodeOf(file: string): number | undefined {
  try {
    return lstatSync(file).ino;
  } catch {
    return undefined;
  }
}

function tryUnlink(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // The folder is another user's: then the file stays, as with libuv.
  }
}
