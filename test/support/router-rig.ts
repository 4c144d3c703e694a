import { once } from 'node:events';
import { rmSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import type { TestContext } from 'node:test';
import {
  type Backend,
  createRouter,
  type Router,
  type RouterSettings,
} from '../../server/router/router.js';
import { DEFAULT_LIMITS } from '../../server/http/limits.js';
import { serverOptions } from '../../server/router/server-options.js';
import { makeFolder } from './folder.js';
import { NO_STATIC } from './static-site.js';

export const ROUTER_SETTINGS: RouterSettings = {
  queue: 16,
  timeoutMs: 20_000,
  headersTimeoutMs: 20_000,
  connectTimeoutMs: 10_000,
  keepAliveMs: 5_000,
  trusted: [],
  proxyProtocol: false,
  async: 0,
  to: [],
  files: NO_STATIC,
  limits: DEFAULT_LIMITS,
  maxHeaderSize: 16_384,
};

/** A router on a free port, with what stands behind it. */
export interface RouterRig {
  readonly router: Router;
  readonly server: http.Server;
  readonly port: number;
  readonly url: string;
  readonly log: string[];
  readonly list: Backend[];
}

/** What stands behind a router: an HTTP server's handler, or what is done with raw connections. */
export type Behind =
  | { readonly handler: http.RequestListener; readonly prepare?: (server: http.Server) => void }
  | { readonly raw: (socket: net.Socket) => void };

/** Starts servers on unix sockets and a router before them; all end with the test. */
export async function startRouterRig(
  test: TestContext,
  behind: readonly Behind[],
  settings: Partial<RouterSettings> = {},
): Promise<RouterRig> {
  const folder = makeFolder(test, {});
  const list: Backend[] = [];
  for (const [index, each] of behind.entries()) {
    const socketPath = path.join(folder, `${index + 1}.sock`);
    await listenBehind(test, each, socketPath);
    list.push({ id: index + 1, path: socketPath, accepting: true });
  }
  const all = { ...ROUTER_SETTINGS, ...settings };
  const log: string[] = [];
  const router = createRouter(all, (line) => log.push(line));
  const server = http.createServer(serverOptions(all));
  router.serve(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    router.close();
    server.close();
    server.closeAllConnections();
  });
  router.backends(list);
  const { port } = server.address() as AddressInfo;
  return { router, server, port, url: `http://127.0.0.1:${port}`, log, list };
}

/** Starts one server behind a router, in place of what was on that socket. */
export async function listenBehind(
  test: TestContext,
  behind: Behind,
  socketPath: string,
): Promise<() => void> {
  rmSync(socketPath, { force: true });
  const sockets = new Set<net.Socket>();
  const server =
    'raw' in behind
      ? net.createServer({ allowHalfOpen: true }, behind.raw)
      : http.createServer(behind.handler);
  if ('prepare' in behind) behind.prepare(server as http.Server);
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(socketPath);
  await once(server, 'listening');
  const stop = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  test.after(stop);
  return stop;
}

/** Sends bytes as they are, and has what came back so far. */
export class RawClient {
  readonly socket: net.Socket;
  received = '';
  /** How the connection ended: null while it is open. */
  ending: 'end' | 'reset' | null = null;

  constructor(port: number, options: net.SocketConstructorOpts = {}) {
    this.socket = new net.Socket({ allowHalfOpen: true, ...options });
    this.socket
      .setEncoding('latin1')
      .on('data', (text: string) => (this.received += text))
      .on('end', () => (this.ending ??= 'end'))
      .on('error', () => (this.ending ??= 'reset'))
      .connect(port, '127.0.0.1');
  }

  send(bytes: string): this {
    this.socket.write(bytes, 'latin1');
    return this;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** A server whose requests wait until the test answers them. */
export class HeldServer {
  readonly held: http.ServerResponse[] = [];
  readonly handler: http.RequestListener = (request, response) => {
    request.resume();
    this.held.push(response);
  };
}
