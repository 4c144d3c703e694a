import { get, Agent } from 'node:http';
import net from 'node:net';

/** What some readers got in a stretch of time. */
export interface Reading {
  readonly documents: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** Reads to the end of a connection without a word; how many bytes came. */
export function readRaw(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    const socket = net.connect(port, '127.0.0.1');
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
    socket.once('error', reject);
    socket.once('end', () => {
      resolve(bytes);
    });
  });
}

/** One request; the agent decides whether the connection is kept. */
function readHttp(port: number, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path: '/stats', agent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.once('end', () => {
        resolve(bytes);
      });
    });
    request.once('error', reject);
  });
}

/** So many readers, each of whom reads again as soon as it has read, for `ms` milliseconds. */
export async function readFor(
  ms: number,
  readers: number,
  read: () => Promise<number>,
): Promise<Reading> {
  const begin = performance.now();
  let documents = 0;
  let bytes = 0;
  const reader = async (): Promise<void> => {
    while (performance.now() - begin < ms) {
      const length = await read();
      bytes += length;
      documents++;
    }
  };
  await Promise.all(Array.from({ length: readers }, reader));
  return { documents, bytes, seconds: (performance.now() - begin) / 1000 };
}

/** Sixteen readers as uwsgitop is one. */
export function sixteenRaw(port: number, ms: number): Promise<Reading> {
  return readFor(ms, 16, () => readRaw(port));
}

/** One reader that keeps its connection where the server lets it, as a scraper does. */
export async function oneHttp(port: number, ms: number): Promise<Reading> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    return await readFor(ms, 1, () => readHttp(port, agent));
  } finally {
    agent.destroy();
  }
}
