import net from 'node:net';

/**
 * Sends bytes as they are and resolves with all that comes back until the server closes; what
 * `last` matches ends it from this side, for answers that keep the connection open.
 */
export function rawRequest(port: number, bytes: string, last?: RegExp): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      if (last?.test(received)) socket.destroy();
    });
    // A reset is one way to be refused: what came before it is the answer.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(received);
    });
    socket.write(bytes, 'latin1');
  });
}

/** The status code of the first answer, or 0 for none. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0);
}
