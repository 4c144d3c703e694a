import { once } from 'node:events';
import net from 'node:net';
import { err, ok, type Result } from '../../shared/result.js';

/** How many ports are tried. */
const TRIES = 100;

/** The first port from `first` on that nobody listens on at this address; the error is a sentence. */
export async function freePort(first: number, host: string): Promise<Result<number, string>> {
  const end = Math.min(first + TRIES, 65_536);
  for (let port = first; port < end; port++) {
    const code = await tried(port, host);
    if (code === null) return ok(port);
    if (code !== 'EADDRINUSE') {
      return err(`--port ${port}: ${host} cannot be bound there (${code}): give another one`);
    }
  }
  return err(`--port ${first}: all ports up to ${end - 1} are taken: give another one`);
}

/** Null: it is free; else why it cannot be bound. */
async function tried(port: number, host: string): Promise<string | null> {
  const server = net.createServer().listen(port, host);
  try {
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return null;
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), 'code');
    return typeof code === 'string' ? code : 'unknown error';
  }
}
