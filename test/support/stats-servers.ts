import net from 'node:net';

/** A server of a test, on a free port of loopback. */
export interface TestServer extends AsyncDisposable {
  readonly port: number;
  /** Connections accepted so far. */
  readonly accepted: () => number;
  /** Connections open now. */
  readonly open: () => number;
}

export const IDLE_DOCUMENT =
  '{"version":"2.0.30","pid":7,"workers":[{"id":1,"pid":8,"status":"idle","requests":3}]}';

/** Does to each connection what the test says; an error of a connection is the peer's affair. */
export async function tcpServer(
  serve: (socket: net.Socket) => void,
  port = 0,
): Promise<TestServer> {
  const sockets = new Set<net.Socket>();
  let accepted = 0;
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    accepted++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    accepted: () => accepted,
    open: () => sockets.size,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Speaks first and closes, without ever reading. What the client sent is then unread, and the
 * kernel answers with a reset, as it does for uWSGI.
 */
export function serveRaw(document: string): (socket: net.Socket) => void {
  return (socket) => {
    socket.pause();
    socket.write(document, () => socket.destroy());
  };
}

/**
 * As `--stats-http`: reads once, whatever it is, then answers; a client that stays silent for
 * `patienceMs` is dropped without a byte.
 */
export function serveStatsHttp(document: string, patienceMs = 4000): (socket: net.Socket) => void {
  return (socket) => {
    const timer = setTimeout(() => socket.destroy(), patienceMs);
    socket.once('close', () => {
      clearTimeout(timer);
    });
    socket.once('data', () => {
      socket.end(
        'HTTP/1.0 200 OK\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\n' +
          `Content-Type: application/json\r\n\r\n${document}`,
      );
    });
  };
}
