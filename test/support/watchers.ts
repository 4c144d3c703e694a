import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import type { WatchedFigures } from './watched-server.js';

const PROGRAM = fileURLToPath(new URL('./watched-server.js', import.meta.url));

/** A stats server over a made-up document, in a process of its own. */
export interface WatchedServer extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** Of the time since the last question. */
  figures(): Promise<WatchedFigures>;
}

export async function startWatchedServer(
  workers: number,
  launcher: readonly string[] = [],
): Promise<WatchedServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-watched-'));
  const [command = '', ...args] = [
    ...launcher,
    ...[process.execPath, PROGRAM, folder, String(workers)],
  ];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('the watched server ended');
    return line.value;
  };
  const port = Number(await next());
  return {
    port,
    pid: child.pid ?? 0,
    async figures() {
      child.stdin.write('\n');
      return JSON.parse(await next()) as WatchedFigures;
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Many watchers of `/live`, and what they saw. */
export interface Watchers extends Disposable {
  /** Deltas received so far by the one that received the fewest. */
  readonly fewest: () => number;
  /** Why watchers were lost, if any were. */
  readonly lost: readonly string[];
  /** The size in bytes of each delta that one of them got. */
  readonly sizes: readonly number[];
  /** For each beat, how many milliseconds later than the first the last watcher got it. */
  spreads(): number[];
  /** For each delta of each watcher, how many milliseconds after the first one got it. */
  delays(): number[];
}

/** Connects so many watchers, a few at a time, and waits until all have a whole document. */
export async function watch(port: number, count: number): Promise<Watchers> {
  const sockets: WebSocket[] = [];
  const received: number[] = [];
  const lost: string[] = [];
  const sizes: number[] = [];
  const beats = new Map<number, number[]>();
  const join = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, { perMessageDeflate: false });
      sockets.push(socket);
      received[index] = 0;
      socket.on('error', reject);
      socket.on('close', (code) => lost.push(`watcher ${index}: ${code}`));
      socket.on('message', (data: Buffer) => {
        if (data.subarray(0, 19).toString() === '{"type":"snapshot",') resolve();
        if (data.subarray(0, 16).toString() !== '{"type":"delta",') return;
        received[index] = (received[index] ?? 0) + 1;
        if (index === 0) sizes.push(data.length);
        note(data);
      });
    });
  const note = (data: Buffer): void => {
    const text = data.toString();
    const time = Number(/"time":\{"=":(\d+)/.exec(text)?.[1] ?? NaN);
    if (Number.isNaN(time)) return;
    const arrivals = beats.get(time) ?? [];
    arrivals.push(performance.now());
    beats.set(time, arrivals);
  };
  const delaysOfBeats = (): number[][] =>
    [...beats.values()]
      .filter(({ length }) => length === count)
      .map((arrivals) => arrivals.map((arrival) => arrival - (arrivals[0] ?? arrival)));
  const GROUP = 20;
  for (let from = 0; from < count; from += GROUP) {
    const group = Array.from({ length: Math.min(GROUP, count - from) }, (_, each) => from + each);
    await Promise.all(group.map(join));
  }
  return {
    fewest: () => Math.min(...received),
    lost,
    sizes,
    spreads: () => delaysOfBeats().map((delays) => delays.at(-1) ?? NaN),
    delays: () => delaysOfBeats().flat(),
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.removeAllListeners('close').terminate();
    },
  };
}

const UPGRADE =
  'GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

/** A client that asks for the stream and never reads a byte of it. */
export async function neverReads(port: number): Promise<net.Socket> {
  const socket = net.connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(UPGRADE);
  return socket;
}

/** A client that asks for the stream and reads a byte of it in a second. */
export async function readsByteByByte(port: number): Promise<net.Socket> {
  const socket = await neverReads(port);
  socket.on('readable', () => undefined);
  const timer = setInterval(() => {
    void socket.read(1);
  }, 1000);
  socket.once('close', () => {
    clearInterval(timer);
  });
  return socket;
}
