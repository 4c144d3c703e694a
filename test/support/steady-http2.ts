import http2 from 'node:http2';
import { ask } from './http2.js';

/** Clients of HTTP/2 that ask without an end. */
export interface SteadyHttp2 {
  answered(): number;
  /** What went wrong with requests that the server took. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
}

/**
 * Each client has one connection and asks one thing after the other. It goes to another connection
 * when the server says goodbye, and asks again what the server says that it has not taken
 * (REFUSED_STREAM, RFC 9113 §8.7), as browsers do.
 */
export function startSteadyHttp2(port: number, ca: Buffer, clients: number): SteadyHttp2 {
  const failures: string[] = [];
  let answered = 0;
  let isStopped = false;
  const run = async (): Promise<void> => {
    let session = connect(port, ca);
    while (!isStopped) {
      if (session.closed || session.destroyed) session = connect(port, ca);
      const current = session;
      try {
        const { status } = await ask(current, { ':path': '/' });
        if (status === 200) answered++;
        else failures.push(`status ${status}`);
      } catch (error) {
        const why = String(error);
        if (!isUntaken(why)) failures.push(why);
      }
    }
    session.close();
  };
  const running = Promise.all(Array.from({ length: clients }, run));
  return {
    answered: () => answered,
    failures,
    async stop() {
      isStopped = true;
      await running;
    },
  };
}

function connect(port: number, ca: Buffer): http2.ClientHttp2Session {
  const session = http2.connect(`https://localhost:${port}`, { ca });
  return session.on('error', () => undefined);
}

/** The goodbye came before the request was sent, or the server named it as one it has not taken. */
function isUntaken(why: string): boolean {
  return /REFUSED_STREAM|GOAWAY_SESSION|INVALID_SESSION|ended with 7/.test(why);
}
