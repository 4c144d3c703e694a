import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { account } from '../../server/worker/accounting.js';
import type { Accounting, Hooks } from '../../server/worker/books.js';
import { createCounters } from '../../server/worker/counters.js';
import { allocateMemory, type Memory } from '../../server/worker/memory.js';
import { takeSample } from '../../server/worker/sample.js';
import type { Sample } from '../../server/wire/sample-frames.js';
import { eventually } from './eventually.js';

export interface AccountedServer {
  readonly server: http.Server;
  readonly accounting: Accounting;
  readonly memory: Memory;
  readonly port: number;
  readonly sample: () => Sample;
  /** Waits until nothing is in flight, queued or upgraded, and returns what was counted. */
  readonly settled: (requests: number) => Promise<Sample>;
}

export interface AccountedSettings extends Partial<Hooks> {
  /** Further listeners, by event. */
  readonly on?: Readonly<Record<string, (...args: never[]) => void>>;
}

/** A real server in this process, counted as in a worker. */
export async function startAccounted(
  test: TestContext,
  listener: http.RequestListener,
  settings: AccountedSettings = {},
): Promise<AccountedServer> {
  const server = http.createServer(listener);
  for (const [event, other] of Object.entries(settings.on ?? {})) {
    server.on(event, other as (...args: unknown[]) => void);
  }
  const memory = allocateMemory(256);
  const counters = createCounters(memory, settings.cap ?? 0);
  const accounting = account(server, counters, {
    admit: () => true,
    admitUpgrade: () => true,
    client: null,
    now: () => performance.now(),
    log: null,
    cap: 0,
    onEnd: () => undefined,
    limit: null,
    files: null,
    ...settings,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    if (server.listening) server.close();
    server.closeAllConnections();
    accounting.endUpgraded();
  });
  const sample = (): Sample => {
    accounting.beat();
    return takeSample(memory, { now: () => performance.now(), origin: performance.timeOrigin });
  };
  return {
    server,
    accounting,
    memory,
    port: (server.address() as AddressInfo).port,
    sample,
    settled: (requests) =>
      eventually(`${requests} requests to be over`, () => {
        const taken = sample();
        const { inFlight, queued, upgraded } = taken;
        if (taken.requests >= requests && inFlight + queued + upgraded === 0) return taken;
        throw new Error(JSON.stringify(taken));
      }),
  };
}

/** A client that speaks in bytes. */
export interface RawClient {
  readonly socket: net.Socket;
  readonly received: () => string;
  /** Waits until what was received matches. */
  got(pattern: RegExp): Promise<RegExpExecArray>;
  /** Waits for the end of the connection; the bytes received. */
  closed(): Promise<string>;
}

/** Connects and sends `text`, one character a byte. */
export function connectRaw(port: number, text: string): RawClient {
  const socket = net.connect(port, '127.0.0.1');
  let received = '';
  let failure: Error | null = null;
  socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk));
  socket.on('error', (error) => (failure = error));
  const end = new Promise<void>((resolve) =>
    socket.on('close', () => {
      resolve();
    }),
  );
  socket.write(text, 'latin1');
  return {
    socket,
    received: () => received,
    got: (pattern) => eventually(`${pattern} in ${received}`, () => pattern.exec(received)),
    async closed() {
      await end;
      if (failure !== null) throw failure;
      return received;
    },
  };
}

/** The text of a request without a body. */
export function get(path: string, ...headers: string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n');
}

export const CLOSE = 'Connection: close';
