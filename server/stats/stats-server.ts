import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { authority } from '../control/authority.js';
import { writeKeyFile, type WrittenKeyFile } from '../control/key-file.js';
import { isLocal, type Peer } from '../control/peer.js';
import type { Execute } from '../control/requester.js';
import { removeStaleKeys } from '../control/stale-keys.js';
import type { Address } from '../../shared/address.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { StatsDocument } from '../../shared/stats.js';
import { connections } from './connections.js';
import { allowedHosts } from './host-check.js';
import { httpSide } from './http-server.js';
import { keyFileAddresses } from './key-file-addresses.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { listenOnAll, parseStatsAddresses } from './listen.js';
import type { Listener } from './listen-tcp.js';
import { liveSide, type Visitor } from './live-side.js';
import { answerRaw } from './raw-answer.js';
import { sniff, type Verdict } from './sniff.js';
import { snapshotSource } from './snapshot.js';

export interface StatsServerOptions {
  /** As written in `--stats`. */
  readonly addresses: readonly string[];
  /** `--stats-wait`: milliseconds for the first bytes of a client; 0 answers raw at once. */
  readonly waitMs: number;
  /** `--stats-http`: only HTTP; the wait is uWSGI's 4 s, and silence gets nothing. */
  readonly http: boolean;
  /** `--stats-read-only`: no control, and no key file. */
  readonly readOnly: boolean;
  /** `--stats-allow-host`. */
  readonly allowHosts: readonly string[];
  readonly bootId: string;
  readonly version: string;
  /** The newest document. The same object means that nothing changed; it is never changed. */
  readonly document: () => StatsDocument;
  readonly execute: Execute;
  /** Where the key file goes. */
  readonly runtimeDirectory: string;
  readonly log: (line: string) => void;
  /** Other limits than the usual ones. */
  readonly limits?: Partial<Limits>;
  /** Which connections may control; those of this machine when it is absent. */
  readonly isLocal?: (peer: Peer) => boolean;
}

export interface StatsServer {
  /** As bound, with real ports. */
  readonly addresses: readonly string[];
  /** How many connections are open. */
  readonly clients: () => number;
  /** Removes socket and key files, lets clients finish for a moment, then cuts them. */
  close(): Promise<void>;
}

/**
 * Serves one document to all readers on every address: raw to who is silent, over HTTP, and as a
 * stream with control at `/live`. The error is one sentence; then nothing was left behind. A key
 * file that cannot be written is no error: there is no control then, and the log says why.
 */
export async function startStatsServer(
  options: StatsServerOptions,
): Promise<Result<StatsServer, string>> {
  const parsed = parseStatsAddresses(options.addresses);
  if (!parsed.ok) return parsed;
  // Nobody is answered before the key is in place: clients that are early wait in this promise.
  let serve: (socket: Socket, listener: Listener) => void = (socket) => socket.destroy();
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const onConnection = (socket: Socket, listener: Listener): void => {
    // A client may go at any moment; 'close' follows and tells whoever needs to know.
    socket.on('error', () => undefined);
    void opened.then(() => {
      if (!socket.destroyed) serve(socket, listener);
    });
  };
  const listening = await listenOnAll(parsed.value, onConnection, options.log);
  if (!listening.ok) return err(listening.error);
  const listeners = listening.value;
  const addresses = listeners.map((listener) => listener.address);
  const { key, keyFile } = await openControl(options, addresses);
  const service = openService(options, hostNames(parsed.value), { key, addresses });
  serve = service.serve;
  open();
  return ok({
    addresses,
    clients: service.clients,
    async close() {
      for (const listener of listeners) listener.close();
      await keyFile?.remove();
      await service.close();
    },
  });
}

function hostNames(addresses: readonly Address[]): readonly string[] {
  return addresses.flatMap((address) => (address.kind === 'tcp' ? [address.host] : []));
}

interface Control {
  readonly key: Buffer | null;
  readonly keyFile: WrittenKeyFile | null;
}

async function openControl(
  options: StatsServerOptions,
  addresses: readonly string[],
): Promise<Control> {
  if (options.readOnly) return { key: null, keyFile: null };
  const { runtimeDirectory: directory, bootId, log } = options;
  const key = randomBytes(32);
  const written = await writeKeyFile({
    directory,
    bootId,
    key,
    addresses: keyFileAddresses(addresses),
    uid: process.geteuid?.() ?? 0,
  });
  if (!written.ok) {
    log(`stats server: no control, because ${written.error}`);
    return { key: null, keyFile: null };
  }
  await removeStaleKeys(directory);
  return { key, keyFile: written.value };
}

interface Service {
  readonly serve: (socket: Socket, listener: Listener) => void;
  readonly clients: () => number;
  readonly close: () => Promise<void>;
}

function openService(
  options: StatsServerOptions,
  names: readonly string[],
  bound: { readonly key: Buffer | null; readonly addresses: readonly string[] },
): Service {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const clients = connections(limits.maxConnections);
  const visitors = new WeakMap<Socket, Visitor>();
  const newest = snapshotSource(options.document);
  const live = liveSide({
    version: options.version,
    bootId: options.bootId,
    newest,
    authority: authority({
      bootId: options.bootId,
      key: bound.key,
      addresses: keyFileAddresses(bound.addresses),
      isLocal: options.isLocal ?? isLocal,
    }),
    execute: options.execute,
    log: options.log,
    limits,
  });
  const http = httpSide({
    allowedHosts: allowedHosts([hostname(), ...names, ...options.allowHosts]),
    document: () => newest().bytes(),
    limits,
    onLive: (request, socket, head) => {
      const visitor = visitors.get(socket);
      if (visitor) live.take(request, socket, head, visitor);
      else socket.destroy();
    },
  });
  const decide = (socket: Socket, verdict: Verdict): void => {
    if (verdict === 'spoke') {
      clients.enter(socket, 'speaking');
      http.take(socket);
    } else if (options.http) {
      socket.destroy();
    } else {
      clients.enter(socket, 'raw');
      answerRaw(socket, newest().bytes(), limits.rawDeadlineMs);
    }
  };
  return {
    serve(socket, listener) {
      if (!clients.admit(socket)) return;
      visitors.set(socket, visitorOf(socket, listener));
      sniff(socket, options.http ? limits.httpWaitMs : options.waitMs, (verdict) => {
        decide(socket, verdict);
      });
    },
    clients: () => clients.size,
    async close() {
      live.close();
      http.close();
      await clients.drain(limits.closeGraceMs);
    },
  };
}

function visitorOf(socket: Socket, listener: Listener): Visitor {
  const { remoteAddress, remotePort, localAddress } = socket;
  const name =
    listener.kind === 'unix' ? listener.address : `${remoteAddress ?? '?'}:${remotePort ?? 0}`;
  return { peer: { kind: listener.kind, remoteAddress, localAddress }, name };
}
