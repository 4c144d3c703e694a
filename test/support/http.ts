import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: http.IncomingHttpHeaders;
}

/** One GET on a connection of its own, or on those of `agent`; rejects when it is cut off. */
export function get(url: string, agent?: http.Agent, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent: agent ?? false, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        if (response.complete) resolve({ status: statusCode, body, headers });
        else reject(new Error('the answer was cut off'));
      });
    });
    request.on('error', reject);
    request.end();
  });
}

/** A load that goes on until it is stopped. */
export interface Load {
  /** Answers so far. */
  readonly answered: () => number;
  /** Stops, waits for what is under way, and gives what went wrong. */
  stop(): Promise<{ answered: number; failures: string[] }>;
}

/** Clients that ask one after the other, each on a connection a request, or kept alive. */
export function startLoad(url: string, clients: number, keepAlive: boolean, method = 'GET'): Load {
  let running = true;
  let answered = 0;
  const failures: string[] = [];
  const client = async (): Promise<void> => {
    const agent = keepAlive ? new http.Agent({ keepAlive: true, maxSockets: 1 }) : undefined;
    while (running) {
      try {
        const { status } = await get(url, agent, method);
        if (status === 200) answered++;
        else failures.push(`status ${status}`);
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
    agent?.destroy();
  };
  const done = Promise.all(Array.from({ length: clients }, client));
  return {
    answered: () => answered,
    async stop() {
      running = false;
      await done;
      return { answered, failures };
    },
  };
}

/** Sends bytes as they are and reads until the server closes. */
export async function raw(port: number, bytes: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return text;
}

/** A connection that sends a request and never reads its answer. */
export async function hold(port: number, bytes: string): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes);
  return socket;
}
