import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { authority } from '../control/authority.js';
import { writeKeyFile, type WrittenKeyFile } from '../control/key-file.js';
import { isLocal, type Peer } from '../control/peer.js';
import type { Execute } from '../control/requester.js';
import { removeStaleKeys } from '../control/stale-keys.js';
import { ok, type Result } from '../../shared/result.js';
import type { StatsDocument } from '../../shared/stats.js';
import { allowedHosts } from './host-check.js';
import { keyFileAddresses } from './key-file-addresses.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import {
  listenOnAll,
  type ListenOptions,
  parseStatsAddresses,
  type WrittenListener,
} from './listen.js';
import type { Listener, OnConnection } from './listen-tcp.js';
import { statsService, type StatsService } from './stats-service.js';

export interface StatsServerOptions {
  /** As written in `--stats`. */
  readonly addresses: readonly string[];
  /** `--stats-wait`: milliseconds for the first bytes of a client; 0 answers raw at once. */
  readonly waitMs: number;
  /** `--stats-http`: only HTTP; the wait is uWSGI's 4 s, and silence gets nothing. */
  readonly http: boolean;
  /** `--stats-minified`: no tabs and line breaks in what is served raw and over HTTP. */
  readonly minified?: boolean;
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
  /** What an old master left; see `ListenOptions`. */
  readonly inherited?: Pick<ListenOptions, 'claim' | 'takenOver'>;
  /**
   * Is called when everything is bound, and before the key is written: the place to change the
   * user. An error ends the start.
   */
  readonly onBound?: (listeners: readonly Listener[]) => Result<null, string>;
}

export interface StatsServer {
  /** As bound, with real ports. */
  readonly addresses: readonly string[];
  /** For a master that follows. */
  readonly listeners: readonly WrittenListener[];
  /** How many connections are open. */
  readonly clients: () => number;
  /** Removes socket and key files, lets clients finish for a moment, then cuts them. */
  close(): Promise<void>;
  /** As `close`, but socket files stay: another master accepts there from now on. */
  leave(): Promise<void>;
}

/**
 * Serves one document to all readers on every address: raw to who is silent, over HTTP, and as a
 * stream with control at `/live`. The error is one sentence; then nothing was left behind. A key
 * file that cannot be written is no error: there is no control then, and the log says why.
 */
export async function startStatsServer(
  options: StatsServerOptions,
): Promise<Result<StatsServer, string>> {
  // Nobody is answered before the key is in place: clients that are early wait in this promise.
  let open: (service: StatsService | null) => void = () => undefined;
  const opened = new Promise<StatsService | null>((resolve) => {
    open = resolve;
  });
  const onConnection = (socket: Socket, listener: Listener): void => {
    // A client may go at any moment; 'close' follows and tells whoever needs to know.
    socket.on('error', () => undefined);
    void opened.then((service) => {
      if (service === null) socket.destroy();
      else if (!socket.destroyed) service.serve(socket, listener);
    });
  };
  const listening = await listen(options, onConnection);
  if (!listening.ok) {
    open(null);
    return listening;
  }
  const listeners = listening.value;
  const addresses = listeners.map((listener) => listener.address);
  const { key, keyFile } = await openControl(options, addresses);
  const service = statsService({
    ...options,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    allowedHosts: allowedHosts([
      hostname(),
      ...hostNames(options.addresses),
      ...options.allowHosts,
    ]),
    authority: authority({
      bootId: options.bootId,
      key,
      addresses: keyFileAddresses(addresses),
      isLocal: options.isLocal ?? isLocal,
    }),
  });
  open(service);
  const end = async (stop: (listener: Listener) => void): Promise<void> => {
    listeners.forEach(stop);
    await keyFile?.remove();
    await service.close();
  };
  let ending: Promise<void> | undefined;
  return ok({
    addresses,
    listeners,
    clients: () => service.clients(),
    close: () =>
      (ending ??= end((listener) => {
        listener.close();
      })),
    leave: () =>
      (ending ??= end((listener) => {
        listener.leave();
      })),
  });
}

/** Everything that is bound, and claimed by `onBound`; or an error, and nothing is left. */
async function listen(
  options: StatsServerOptions,
  onConnection: OnConnection,
): Promise<Result<readonly WrittenListener[], string>> {
  const nothing = { claim: () => [], takenOver: Promise.resolve() };
  const { log, inherited = nothing } = options;
  const listening = await listenOnAll(options.addresses, { ...inherited, onConnection, log });
  if (!listening.ok) return listening;
  const bound = options.onBound?.(listening.value) ?? ok(null);
  if (bound.ok) return listening;
  for (const listener of listening.value) listener.close();
  return bound;
}

function hostNames(texts: readonly string[]): readonly string[] {
  const addresses = parseStatsAddresses(texts);
  if (!addresses.ok) return [];
  return addresses.value.flatMap((address) => (address.kind === 'tcp' ? [address.host] : []));
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
