import type { ConnectionOptions } from 'node:tls';
import type { Redis } from 'ioredis';
import { QUEUE_PROBLEMS } from '../../problems/queue.js';
import { QueueError } from '../queue-error.js';
import type { RedisAddress } from './address.js';
import type { RedisLibraries } from './libraries.js';
import { isRefusal } from './troubles.js';
import { type During, whileUsed } from './while-used.js';

/** How long a task that is put in waits for a Redis that is away, before it is refused. */
export const PATIENCE_MS = 10_000;

/** What was cut is tried again after this, while there is patience. */
export const AGAIN_MS = 20;

/** A Redis that says nothing for so long is taken for dead, and connected to anew. */
const SILENCE_MS = 10_000;
const RECONNECT_MS = { first: 50, most: 1000 } as const;

/** A connection that comes back by itself. */
export interface Connection {
  readonly client: Redis;
  /** Rejects with a QueueError at once where it is away. */
  readonly require: () => void;
  /** Waits for it, up to this time (of `performance.now()`). */
  readonly ready: (until: number) => Promise<void>;
  /** What is done so keeps the process alive. */
  readonly during: During;
  close(): void;
}

/** Where a Redis is, and who we are there. It can be given to a thread. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  /** Over TLS, as Node does it. */
  readonly tls?: ConnectionOptions;
}

export function loginOf(address: RedisAddress, password: string | null): Login {
  const { host, port, db, user, tls } = address;
  return {
    ...{ host, port, db },
    ...(user !== null && { username: user }),
    ...(password !== null && { password }),
    ...(tls && { tls: {} }),
  };
}

/**
 * Connects; the connection may be away at any time after that, and comes back by itself. Nothing is
 * kept for later and nothing is sent twice behind our back: what was refused must not run after all,
 * and what is not known is asked for (put.ts, settle.ts).
 */
export function connect({ Redis }: RedisLibraries, login: Login): Connection {
  const client = new Redis({
    ...login,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // What was under way when the connection broke is refused at once.
    maxRetriesPerRequest: 0,
    connectTimeout: SILENCE_MS,
    commandTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    retryStrategy: (times) => Math.min(RECONNECT_MS.most, RECONNECT_MS.first * 2 ** (times - 1)),
  });
  let last: Error | null = null;
  client.on('error', (error: Error) => (last = error));
  client.on('ready', () => (last = null));
  // What fails at first is tried again, and told by what waits for it.
  client.connect().catch(() => undefined);

  const away = (): Error => last ?? new Error('Redis cannot be reached');
  return {
    client,
    during: whileUsed(client),
    require: () => {
      if (client.status !== 'ready') throw away();
    },
    ready: async (until) => {
      while (client.status !== 'ready') {
        const left = until - performance.now();
        if (left <= 0 || client.status === 'end') throw away();
        await change(client, left);
        if (last !== null && isRefusal(last)) throw last;
      }
    },
    close() {
      client.disconnect();
    },
  };
}

/** Waits until something changes about a connection. */
function change(client: Redis, ms: number): Promise<void> {
  const events = ['ready', 'error', 'close', 'end'] as const;
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      for (const event of events) client.off(event, done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    for (const event of events) client.once(event, done);
  });
}

const OLDEST = [6, 2] as const;

/** Refuses a Redis that cannot keep tasks. */
export async function checkServer(
  client: { info(): Promise<string> },
  queue: string,
): Promise<void> {
  const facts = factsIn(await client.info());
  const version = facts.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new QueueError('format', QUEUE_PROBLEMS.redisTooOld(queue, version, OLDEST.join('.')));
  }
  const policy = facts.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction' && facts.get('maxmemory') !== '0') {
    throw new QueueError('io', QUEUE_PROBLEMS.redisForgets(queue, policy));
  }
}

/** The lines `name:value` of `INFO`. */
function factsIn(text: string): Map<string, string> {
  const facts = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf(':');
    if (at > 0) facts.set(line.slice(0, at), line.slice(at + 1));
  }
  return facts;
}
