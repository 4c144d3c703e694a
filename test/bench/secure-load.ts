import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import tls from 'node:tls';

const run = promisify(execFile);

/** Handshakes at once. */
const AT_ONCE = 8;
/** Connections of h2load, and streams on each. */
const CONNECTIONS = 16;
const STREAMS = 10;

/** Something of which a server gets so many; `port` is where it listens. */
export type SecureLoad = (port: number, count: number) => Promise<void>;

/** Handshakes in which everything is agreed on anew. */
export const fullHandshakes: SecureLoad = (port, count) => handshakes(port, count, undefined);

/** Handshakes that go on from a session before. */
export const resumedHandshakes: SecureLoad = async (port, count) => {
  const first = connect(port, undefined);
  const [session] = (await once(first, 'session')) as [Buffer];
  first.destroy();
  await handshakes(port, count, session);
};

/** Requests over HTTP/2 by h2load, all of which must be answered well. */
export const http2Requests: SecureLoad = async (port, count) => {
  const { stdout } = await run('h2load', [
    ...['-n', String(count), '-c', String(CONNECTIONS), '-m', String(STREAMS)],
    `https://127.0.0.1:${port}/`,
  ]);
  if (!stdout.includes(`status codes: ${count} 2xx`)) throw new Error(stdout);
};

async function handshakes(port: number, count: number, session: Buffer | undefined) {
  let left = count;
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      const socket = connect(port, session);
      await once(socket, 'secureConnect');
      if (socket.isSessionReused() !== (session !== undefined)) throw new Error('not as asked');
      const closed = once(socket, 'close');
      socket.destroy();
      await closed;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** What it is shown is the bench's own. */
function connect(port: number, session: Buffer | undefined): tls.TLSSocket {
  return tls.connect({
    ...{ port, host: '127.0.0.1', ALPNProtocols: ['h2'], rejectUnauthorized: false },
    ...(session !== undefined && { session }),
  });
}
