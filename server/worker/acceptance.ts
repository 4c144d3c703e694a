import type { Server } from 'node:net';

/** Whether a worker accepts connections. */
export interface Acceptance {
  /** Puts a server under this control, before or after it listens. */
  add(server: Server): void;
  /** Stops accepting: connections wait in the kernel's queue. */
  pause(): void;
  resume(): void;
}

/** The handle of a listening server, as Node's own streams use it; both answer 0, or an error. */
interface Listener {
  readStart(): number;
  readStop(): number;
}

/**
 * Stops and starts accepting without closing anything: a listening socket that was closed could not
 * be had back, for Node has no dup(2). To libuv a listening handle is a stream whose readiness to be
 * read means a connection, and `readStop` takes it out of the poll as it does with any stream.
 * `readStart` before it marks the stream as being read, without which the stop has no effect. Tried
 * on Node 20, 22 and 24, on TCP and unix sockets.
 *
 * A stopped handle does not keep the process alive, so a timer does. `onProblem` is called with a
 * sentence when this Node's handle has no such functions; the worker then goes on accepting.
 */
export function createAcceptance(
  onProblem: (problem: string) => void,
  paused: boolean,
): Acceptance {
  const servers = new Set<Server>();
  let isPaused = paused;
  let keepAlive: NodeJS.Timeout | undefined;
  const apply = (server: Server, act: (listener: Listener) => number): void => {
    if (!server.listening) return;
    const listener = listenerOf(server);
    const code = listener === null ? null : act(listener);
    if (code !== 0)
      onProblem(`this worker cannot stop accepting (${code ?? 'unknown to this Node'})`);
  };
  const stop = (listener: Listener): number => {
    listener.readStart();
    return listener.readStop();
  };
  const hold = (): void => {
    keepAlive ??= setInterval(() => undefined, 2 ** 30);
  };
  if (isPaused) hold();
  return {
    add(server) {
      servers.add(server);
      const settle = (): void => {
        if (isPaused) apply(server, stop);
      };
      // Before the loop polls the socket for the first time.
      server.prependListener('listening', settle);
      settle();
    },
    pause() {
      if (isPaused) return;
      isPaused = true;
      hold();
      for (const server of servers) apply(server, stop);
    },
    resume() {
      if (!isPaused) return;
      isPaused = false;
      clearInterval(keepAlive);
      keepAlive = undefined;
      for (const server of servers) apply(server, (listener) => listener.readStart());
    },
  };
}

function listenerOf(server: Server): Listener | null {
  const handle: unknown = Reflect.get(server, '_handle');
  return isListener(handle) ? handle : null;
}

function isListener(handle: unknown): handle is Listener {
  return (
    typeof handle === 'object' &&
    handle !== null &&
    typeof Reflect.get(handle, 'readStart') === 'function' &&
    typeof Reflect.get(handle, 'readStop') === 'function'
  );
}
