import type { Role } from '../../shared/protocol.js';
import { StatsError } from '../../shared/stats-error.js';
import { systemClock } from './clock.js';
import { checkInterval, openConnection, type StatsConnection } from './connection.js';
import { createClient } from './create-client.js';
import { parseTarget, type Target } from './target.js';

export interface ConnectOptions {
  /** How often a snapshot is wanted: milliseconds, 100 to 60,000; 1,000 unless said otherwise. */
  readonly interval?: number | undefined;
  /** The server's key file, as through a tunnel; on the same machine it is found by itself. */
  readonly keyFile?: string | undefined;
  /** The master FIFO of a real uWSGI: what its commands are written to. */
  readonly fifo?: string | undefined;
  /** `read` never asks for control; `operate`, the usual one, does where there is a key. */
  readonly role?: Role | undefined;
  /** Whether a server that is out of reach is tried again; true unless said otherwise. */
  readonly reconnect?: boolean | undefined;
  /** Ends everything when it fires. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connects to a stats server: `host:port`, `:port`, `[v6]:port`, `/path.sock`, `@name`,
 * `http://host:port/path` or `ws://host:port/path`. It does not wait for the server: what becomes of
 * the attempt is told by the connection. Throws a `StatsError` with the code `bad-address`,
 * `bad-option` or `aborted`.
 */
export function connect(address: string, options: ConnectOptions = {}): StatsConnection {
  const target = parseTarget(address);
  if (!target.ok) throw new StatsError('bad-address', target.error);
  return connectTo(target.value, options);
}

/** The same for an address that has been read, with what TLS needs. */
export function connectTo(target: Target, options: ConnectOptions = {}): StatsConnection {
  const { interval = 1000, keyFile, fifo, role = 'operate', reconnect = true, signal } = options;
  const intervalMs = checkInterval(interval);
  if (!isRole(role)) {
    throw new StatsError('bad-option', `role: "${String(role)}" is neither read nor operate`);
  }
  if (signal?.aborted === true) {
    const cause: unknown = signal.reason;
    throw new StatsError('aborted', 'the connection was given up', { cause });
  }
  const client = createClient(target, { intervalMs, keyFile, fifo, role });
  return openConnection(client, { clock: systemClock, intervalMs, reconnect, signal });
}

/** A program without types may say anything. */
function isRole(role: unknown): role is Role {
  return role === 'read' || role === 'operate';
}
