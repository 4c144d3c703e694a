import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { authority } from '../control/authority.js';
import { writeKeyFile, type WrittenKeyFile } from '../control/key-file.js';
import { isLocal, type Peer } from '../control/peer.js';
import type { UserOf } from '../control/peer-uid.js';
import type { Execute } from '../control/requester.js';
import { removeStaleKeys } from '../control/stale-keys.js';
import { createKeyring, type Keyring } from '../control/keyring.js';
import { readSecret } from '../control/secret-file.js';
import { rotateKey } from '../control/rotate-key.js';
import type { Problem } from '../../shared/problem.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { Log } from '../log.js';
import type { TlsContext } from './tls-side.js';
import type { MemoryDocument } from '../../shared/memory/history.js';
import type { StatsDocument } from '../../shared/stats.js';
import { allowedHosts } from './host-check.js';
import { keyFileAddresses } from './key-file-addresses.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import {
  listenOnAll,
  type ListenOptions,
  parseStatsAddresses,
  type Wanted,
  type WrittenListener,
} from './listen.js';
import type { Listener, OnConnection } from './listen-tcp.js';
import { statsService, type StatsService } from './stats-service.js';

export interface StatsServerOptions {
  /** As written in `--stats`. */
  readonly addresses: readonly string[];
  /** `--stats-tls`: further addresses, for clients that begin with a handshake. */
  readonly tls?: readonly (TlsContext & { readonly address: string })[];
  /** `--stats-secret`: the file with the key that reading takes; without it anyone may read. */
  readonly secret?: string | undefined;
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
  /** What `/memory` serves; without it there is no such page. */
  readonly memory?: () => MemoryDocument;
  /** Whether the instance was told to end: then `/readyz` says so. */
  readonly isStopping: () => boolean;
  readonly execute: Execute;
  /** Where the key file goes. */
  readonly runtimeDirectory: string;
  readonly log: Log;
  /** Other limits than the usual ones. */
  readonly limits?: Partial<Limits>;
  /** Which connections may control; those of this machine when it is absent. */
  readonly isLocal?: (peer: Peer) => boolean;
  /** Another way to find the user of a connection than the kernel's table. */
  readonly userOf?: UserOf;
  /** What an old master left; see `ListenOptions`. */
  readonly inherited?: Pick<ListenOptions, 'claim' | 'takenOver'>;
  /**
   * Is called when everything is bound, and before the key is written: the place to change the
   * user. An error ends the start.
   */
  readonly onBound?: (listeners: readonly Listener[]) => Result<null, Problem>;
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
): Promise<Result<StatsServer, Problem>> {
  const door = createDoor();
  const listening = await listen(options, door.onConnection);
  if (!listening.ok) {
    door.shut();
    return listening;
  }
  const listeners = listening.value;
  const addresses = listeners.map((listener) => listener.address);
  const control = await openControl(options, addresses);
  if (!control.ok) {
    door.shut();
    for (const listener of listeners) listener.close();
    return control;
  }
  const { keys, keyFile } = control.value;
  const service = serviceOf(options, keys, addresses);
  door.open(service);
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

/** Nobody is answered before the key is in place: clients that are early wait at the door. */
function createDoor(): {
  readonly onConnection: OnConnection;
  open(service: StatsService): void;
  /** Nobody will be answered. */
  shut(): void;
} {
  let serve: StatsService['serve'] | null = null;
  const early: [Socket, Listener][] = [];
  const open = (by: StatsService['serve']): void => {
    serve = by;
    for (const [socket, listener] of early.splice(0)) if (!socket.destroyed) by(socket, listener);
  };
  return {
    onConnection(socket, listener) {
      // A client may go at any moment; 'close' follows and tells whoever needs to know.
      socket.on('error', ignore);
      if (serve === null) early.push([socket, listener]);
      else serve(socket, listener);
    },
    open(service) {
      open((socket, listener) => {
        service.serve(socket, listener);
      });
    },
    shut() {
      open((socket) => {
        socket.destroy();
      });
    },
  };
}

function ignore(): void {
  // Nothing is to be done.
}

function serviceOf(
  options: StatsServerOptions,
  keys: Keyring,
  addresses: readonly string[],
): StatsService {
  const { tls = [], execute } = options;
  return statsService({
    ...options,
    tls,
    keys,
    execute: (command, by) =>
      command.name === 'rotate-key' ? rotateKey(keys) : execute(command, by),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    allowedHosts: allowedHosts([
      hostname(),
      ...hostNames([...options.addresses, ...tls.map(({ address }) => address)]),
      ...tls.flatMap(({ names }) => names),
      ...options.allowHosts,
    ]),
    authority: authority({
      bootId: options.bootId,
      keys,
      addresses: keyFileAddresses(addresses),
      isLocal: options.isLocal ?? isLocal,
    }),
  });
}

/** Everything that is bound, and claimed by `onBound`; or an error, and nothing is left. */
async function listen(
  options: StatsServerOptions,
  onConnection: OnConnection,
): Promise<Result<readonly WrittenListener[], Problem>> {
  const nothing = { claim: () => [], takenOver: Promise.resolve() };
  const { log, inherited = nothing, tls = [] } = options;
  const wanted: readonly Wanted[] = [
    ...options.addresses.map((address) => ({ written: address, address })),
    ...tls.map(({ written, address }) => ({ written, address, secure: true })),
  ];
  const listening = await listenOnAll(wanted, { ...inherited, onConnection, log });
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
  readonly keys: Keyring;
  readonly keyFile: WrittenKeyFile | null;
}

/** The keys, in their files; a secret that cannot be had is an error, or anyone could read. */
async function openControl(
  options: StatsServerOptions,
  addresses: readonly string[],
): Promise<Result<Control, Problem>> {
  const { runtimeDirectory: directory, bootId, log, secret } = options;
  const uid = process.geteuid?.() ?? 0;
  const read = secret === undefined ? ok(null) : readSecret(secret, uid);
  if (!read.ok) return read;
  const without = (operate: 'read-only' | 'no-key'): Control => {
    const store = (): Promise<Result<null, string>> => Promise.resolve(err('there is no key'));
    return { keys: createKeyring({ operate, read: read.value, store }), keyFile: null };
  };
  if (options.readOnly) return ok(without('read-only'));
  const operate = randomBytes(32);
  const bound = keyFileAddresses(addresses);
  const written = await writeKeyFile({ directory, bootId, key: operate, addresses: bound, uid });
  if (!written.ok) {
    log(`stats server: no control, because ${written.error}`, 'warn');
    return ok(without('no-key'));
  }
  await removeStaleKeys(directory);
  const keyFile = written.value;
  const keys = createKeyring({ operate, read: read.value, store: (key) => keyFile.replace(key) });
  return ok({ keys, keyFile });
}
