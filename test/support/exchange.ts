import net from 'node:net';

/** All that comes back until the server closes; each piece goes out when the one before is gone. */
export function exchange(where: net.NetConnectOpts, parts: readonly Buffer[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(where);
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => (received += text));
    // What is refused is closed while more of it is being sent.
    socket
      .on('error', () => undefined)
      .on('close', () => {
        resolve(received);
      });
    const send = (index: number): void => {
      const part = parts[index];
      if (part === undefined || socket.destroyed || socket.writableEnded) return;
      socket.write(part, (error) => {
        if (!error) setImmediate(send, index + 1);
      });
    };
    send(0);
  });
}
