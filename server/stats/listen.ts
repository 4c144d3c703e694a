import { parseAddress, type Address } from '../../shared/address.js';
import { err, ok, type Result } from '../../shared/result.js';
import { listenLoopback, listenTcp, type Listener, type OnConnection } from './listen-tcp.js';
import { listenAbstract, listenUnix } from './listen-unix.js';

/** Reads the addresses of `--stats`; the error names the first that is none. */
export function parseStatsAddresses(texts: readonly string[]): Result<readonly Address[], string> {
  const addresses: Address[] = [];
  for (const text of texts) {
    const parsed = parseAddress(text);
    if (!parsed.ok) return err(`--stats: ${parsed.error}`);
    addresses.push(parsed.value);
  }
  return ok(addresses);
}

/**
 * Listens on every address, or on none: the error is one sentence about the first that failed.
 * `:PORT` and `localhost:PORT` are loopback only; a public address must be written out.
 */
export async function listenOnAll(
  addresses: readonly Address[],
  onConnection: OnConnection,
  log: (line: string) => void,
): Promise<Result<readonly Listener[], string>> {
  const listeners: Listener[] = [];
  for (const address of addresses) {
    const started = await listenOn(address, onConnection, log);
    if (!started.ok) {
      for (const listener of listeners) listener.close();
      return started;
    }
    listeners.push(...started.value);
  }
  return ok(listeners);
}

async function listenOn(
  address: Address,
  onConnection: OnConnection,
  log: (line: string) => void,
): Promise<Result<readonly Listener[], string>> {
  switch (address.kind) {
    case 'tcp': {
      const { host, port } = address;
      if (host === '' || host === 'localhost') return listenLoopback(port, onConnection, log);
      const started = await listenTcp(host, port, onConnection);
      return started.ok ? ok([started.value]) : err(started.error.message);
    }
    case 'unix':
      return oneOf(await listenUnix(address.path, onConnection));
    case 'abstract':
      return oneOf(await listenAbstract(address.name, onConnection, log));
  }
}

function oneOf(started: Result<Listener, string>): Result<readonly Listener[], string> {
  return started.ok ? ok([started.value]) : started;
}
