import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { Redis } from 'ioredis';
import type { Certificate } from './certificates.js';
import { eventually } from './eventually.js';
import { makeFolder } from './folder.js';
import { tcpServer } from './stats-servers.js';

const { error } = spawnSync('redis-server', ['--version']);

/** Why tests of the queue in Redis are skipped; false where they are not. */
export const NO_REDIS =
  error === undefined ? false : 'there is no redis-server: apt-get install redis-server';

/** A Redis in a process of its own, which writes down whatever it acknowledges. */
export interface RedisServer {
  readonly port: number;
  /** Asks it, past the queue. */
  readonly client: Redis;
  /** What `--spooler` says of a queue in it. */
  url(queue: string): string;
  /** Ends it, by SIGKILL or as it is meant to be. */
  stop(how: 'SIGKILL' | 'SHUTDOWN'): Promise<void>;
  /** Starts it again, with what it has written down. */
  start(): Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
}

/** Over TLS: the certificate it shows, and the authority that has signed that. */
export interface RedisTls {
  readonly certificate: Certificate;
  readonly authority: Certificate;
}

/** Starts one, and ends it with the test. */
export async function startRedis(
  t: TestContext,
  args: readonly string[] = [],
  tls?: RedisTls,
): Promise<RedisServer> {
  const dir = makeFolder(t, {});
  // It takes no port 0, so a free port is found out before.
  const probe = await tcpServer(() => undefined);
  await probe[Symbol.asyncDispose]();
  const { port } = probe;
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
  const place = tls === undefined ? ['--port', String(port)] : tlsArguments(port, tls);
  const own = [...place, '--bind', '127.0.0.1', '--dir', dir, ...durable];
  let child: ChildProcess;
  const start = async (): Promise<void> => {
    child = spawn('redis-server', [...own, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let log = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (log += text));
    await eventually('Redis to be ready', () => {
      if (child.exitCode !== null) throw new Error(log);
      return log.includes('Ready to accept connections');
    });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'close');
    child.kill(signal);
    await gone;
  };
  const ca = tls && readFileSync(tls.authority.cert);
  const client = new Redis({
    ...{ port, retryStrategy: () => 20 },
    ...(ca && { tls: { ca } }),
    ...(args[0] === '--requirepass' && { password: args[1] }),
  });
  client.on('error', () => undefined);
  t.after(async () => {
    client.disconnect();
    await end('SIGKILL');
  });
  await start();
  return {
    port,
    client,
    url: (queue) => `${tls === undefined ? 'redis' : 'rediss'}://127.0.0.1:${port}#${queue}`,
    // It saves and ends at SIGTERM as at SHUTDOWN.
    stop: (how) => end(how === 'SIGKILL' ? 'SIGKILL' : 'SIGTERM'),
    start,
    signal: (name) => void child.kill(name),
  };
}

function tlsArguments(port: number, { certificate, authority }: RedisTls): string[] {
  return [
    ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
    ...['--tls-cert-file', certificate.cert, '--tls-key-file', certificate.key],
    ...['--tls-ca-cert-file', authority.cert],
  ];
}

/** Has the locks that are held now never run out: what is offered again was seen to have nobody. */
export async function keepLocks({ client }: RedisServer): Promise<void> {
  for (const lock of await client.keys('tsuwsgi:*:lock')) await client.persist(lock);
}

/** What a queue keeps in its Redis when it has no tasks. */
const AT_REST = /:(format|meta|events|marker|pc|id)$/;

/** The keys of a queue that are there for tasks, and do not go by themselves. */
export async function keysOfTasks({ client }: RedisServer): Promise<string[]> {
  const left: string[] = [];
  for (const key of await client.keys('*')) {
    if (!AT_REST.test(key) && (await client.ttl(key)) === -1) left.push(key);
  }
  return left.sort();
}
