import net from 'node:net';
import type { TestContext } from 'node:test';
import { eventually } from './eventually.js';

/** What an attacker sends at first, and then, over and over. */
export interface SlowClient {
  readonly first: string;
  /** Empty for one that only does not read. */
  readonly then: string;
}

/** Clients that keep their connections busy without an end. */
export interface SlowClients {
  /** How many connections are still open. */
  readonly open: () => number;
  /** What the last one that was ended was told. */
  readonly lastWords: () => string;
  /** Breaks all connections. */
  stop(): void;
}

/** How often each of them sends a little more. */
const TRICKLE_MS = 250;

/** Connects so many at once and settles when all of them have sent their first bytes. */
export async function startSlowClients(
  t: TestContext,
  port: number,
  count: number,
  { first, then }: SlowClient,
): Promise<SlowClients> {
  const sockets = new Set<net.Socket>();
  let sent = 0;
  let words = '';
  for (let each = 0; each < count; each++) {
    const socket = net.connect({ port, host: '127.0.0.1' });
    sockets.add(socket);
    socket.write(first, 'latin1', () => sent++);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    // Who sends takes in what it is told; who only does not read leaves it all with the server.
    if (then === '') socket.pause();
    else socket.on('data', (chunk: Buffer) => (words = chunk.toString('latin1')));
  }
  const trickle = setInterval(() => {
    for (const socket of sockets) if (then !== '' && socket.writable) socket.write(then, 'latin1');
  }, TRICKLE_MS);
  const stop = (): void => {
    clearInterval(trickle);
    for (const socket of sockets) socket.destroy();
  };
  t.after(stop);
  await eventually('all attackers', () => sent === count);
  return { open: () => sockets.size, lastWords: () => words, stop };
}
