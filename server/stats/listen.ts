import { parseAddress, type Address } from '../../shared/address.js';
import { type Problem, within } from '../../shared/problem.js';
import { err, ok, type Result } from '../../shared/result.js';
import { adoptListener, type InheritedListener } from './adopt-listener.js';
import { listenLoopback, listenTcp, type Listener, type OnConnection } from './listen-tcp.js';
import { listenAbstract, listenUnix } from './listen-unix.js';

/** What the server is bound by, beside its addresses. */
export interface ListenOptions {
  readonly onConnection: OnConnection;
  readonly log: (line: string) => void;
  /** Takes the sockets that an old master left for an address as it is written. */
  readonly claim: (written: string) => readonly InheritedListener[];
  /** Settles when those may be accepted on. */
  readonly takenOver: Promise<void>;
}

/** An address to listen on. */
export interface Wanted {
  /** As the option says it: how a new master finds its socket again. */
  readonly written: string;
  readonly address: string;
  /** Whether it is for TLS. */
  readonly secure?: boolean;
}

/** A listener with the address as it was asked for. */
export type WrittenListener = Listener & { readonly written: string };

/** Reads the addresses of `--stats`; the error names the first that is none. */
export function parseStatsAddresses(texts: readonly string[]): Result<readonly Address[], Problem> {
  const addresses: Address[] = [];
  for (const text of texts) {
    const parsed = parseAddress(text);
    if (!parsed.ok) return err(within('--stats', parsed.error));
    addresses.push(parsed.value);
  }
  return ok(addresses);
}

/**
 * Listens on every address, or on none: the error is one sentence about the first that failed.
 * `:PORT` and `localhost:PORT` are loopback only; a public address must be written out.
 */
export async function listenOnAll(
  wanted: readonly Wanted[],
  given: ListenOptions,
): Promise<Result<readonly WrittenListener[], Problem>> {
  const parsed = parseStatsAddresses(wanted.map(({ address }) => address));
  if (!parsed.ok) return parsed;
  const listeners: WrittenListener[] = [];
  for (const [index, { written, secure = false }] of wanted.entries()) {
    const options = secure ? secured(given, written) : given;
    const inherited = options.claim(written).map((socket) => adoptListener(socket, options));
    const address = parsed.value[index];
    const started: Result<readonly Listener[], Problem> =
      inherited.length > 0 || address === undefined
        ? ok(inherited)
        : await listenOn(address, options.onConnection, options.log);
    if (!started.ok) {
      for (const listener of listeners) listener.close();
      return started;
    }
    listeners.push(...started.value.map((listener) => ({ ...listener, written })));
  }
  return ok(listeners);
}

/** The same, for connections that begin with a handshake. */
function secured(options: ListenOptions, written: string): ListenOptions {
  return {
    ...options,
    onConnection(socket, listener) {
      options.onConnection(socket, { ...listener, secure: written });
    },
  };
}

async function listenOn(
  address: Address,
  onConnection: OnConnection,
  log: (line: string) => void,
): Promise<Result<readonly Listener[], Problem>> {
  switch (address.kind) {
    case 'tcp': {
      const { host, port } = address;
      if (host === '' || host === 'localhost') return listenLoopback(port, onConnection, log);
      const started = await listenTcp(host, port, onConnection);
      return started.ok ? ok([started.value]) : err(started.error.problem);
    }
    case 'unix':
      return oneOf(await listenUnix(address.path, onConnection));
    case 'abstract':
      return oneOf(await listenAbstract(address.name, onConnection, log));
  }
}

function oneOf(started: Result<Listener, Problem>): Result<readonly Listener[], Problem> {
  return started.ok ? ok([started.value]) : started;
}
