import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bindSocket } from '../../server/master/bind.js';
import { freePort } from '../support/real-uwsgi.js';
import { descendants } from '../support/server.js';
import { freeCommand, SERVER_LAUNCHER, serverCommand } from './pin.js';

/** A server under measurement. */
export interface Subject {
  readonly port: number;
  /** Every process whose CPU time its requests cost. */
  readonly pids: readonly number[];
  /** Where its stats are served; 0 without. */
  readonly statsPort: number;
  /** The process that runs the application. */
  readonly worker: number;
  /** Milliseconds from the start of the process until it accepted. */
  readonly startMs: number;
  stop(): Promise<void>;
}

/** A program of the bench. */
export const application = (name: string): string =>
  fileURLToPath(new URL(`../../../test/bench/apps/${name}`, import.meta.url));
/** What `tsuwsgi` runs. */
export const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url));

/** tsuwsgi with one worker and `further` options, all accounting on, stats on, no request log (the baselines have none). */
export function tsuwsgi(...further: readonly string[]): Promise<Subject> {
  return startTsuwsgi(serverCommand, further);
}

/** The same on all processors. */
export function tsuwsgiUnpinned(...further: readonly string[]): Promise<Subject> {
  return startTsuwsgi(freeCommand, further);
}

/** tsuwsgi with a router before its one worker. */
export function routed(...further: readonly string[]): Promise<Subject> {
  return startTsuwsgi(serverCommand, further, '--http');
}

async function startTsuwsgi(
  command: typeof serverCommand,
  further: readonly string[],
  front: '--http-socket' | '--http' = '--http-socket',
): Promise<Subject> {
  const begin = performance.now();
  const child = spawn(
    ...command([
      MAIN,
      ...[front, '127.0.0.1:0', '--module', application('hello.js')],
      ...['--stats', '127.0.0.1:0', '--stats-wait', '0', '--disable-logging', '--listen', '511'],
      ...further,
    ]),
  );
  child.stdout.resume();
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const port = Number(
    (await find(child, () => log, /(?:socket 0 bound to|http bound on) .*:(\d+) fd/))[1],
  );
  await find(child, () => log, /spawned tsuwsgi worker 1 \(pid: (\d+)/);
  await answered(port);
  const startMs = performance.now() - begin;
  const workers = descendants(child.pid ?? 0);
  const statsPort = Number((await find(child, () => log, /Stats server .*:(\d+) \*/))[1]);
  return { ...subject(child, { port, startMs, workers }), statsPort };
}

/** A plain node:http server on an inherited socket, with `flags` of Node. */
export function bare(...flags: readonly string[]): Promise<Subject> {
  return onInheritedSocket([...flags, application('bare.js')]);
}

/** The same with the files of a folder, by `@fastify/send`. */
export function fastifySend(folder: string): Promise<Subject> {
  return onInheritedSocket([application('send.js'), folder]);
}

async function onInheritedSocket(args: readonly string[]): Promise<Subject> {
  const socket = await bindSocket('127.0.0.1:0');
  if (!socket.ok || typeof socket.value.address === 'string') throw new Error('cannot bind');
  const begin = performance.now();
  const child = spawn(...serverCommand(args), {
    stdio: ['ignore', 'pipe', 'inherit', socket.value.fd],
  });
  const { port } = socket.value.address;
  await answered(port);
  const startMs = performance.now() - begin;
  socket.value.close();
  return subject(child, { port, startMs, workers: [child.pid ?? 0] });
}

/** A net.Server that gives every client so many bytes and the end; its `statsPort` is the port. */
export async function bareRaw(bytes: number): Promise<Subject> {
  const child = spawn(...serverCommand([application('raw.js'), String(bytes)]), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [, port] = await find(child, () => output, /ready (\d+)/);
  const found = { port: 0, startMs: NaN, workers: [child.pid ?? 0] };
  return { ...subject(child, found), statsPort: Number(port) };
}

/** node:cluster, round-robin, one worker. */
export async function cluster(): Promise<Subject> {
  const begin = performance.now();
  const child = spawn(...serverCommand([application('cluster.js')]), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [, port, pid] = await find(child, () => output, /ready (\d+) (\d+)/);
  await answered(Number(port));
  const startMs = performance.now() - begin;
  return subject(child, { port: Number(port), startMs, workers: [Number(pid)] });
}

const PYTHON = `
def application(env, start_response):
    start_response('200 OK', [('Content-Length', '6')])
    return [b'hello\\n']
`;

/** A real uWSGI with its http router before one Python worker. */
export async function uwsgiRouted(): Promise<Subject> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-bench-'));
  writeFileSync(path.join(folder, 'app.py'), PYTHON);
  const port = await freePort();
  const begin = performance.now();
  const [command = '', ...words] = [
    ...SERVER_LAUNCHER,
    ...['uwsgi', '--plugin', 'python3', '--plugin', 'http', '--master', '-p', '1', '-L'],
    ...['--http', `127.0.0.1:${port}`, '--http-keepalive', '--listen', '511'],
    ...['--wsgi-file', path.join(folder, 'app.py'), '--die-on-term'],
  ];
  const child = spawn(command, words, { stdio: 'ignore' });
  await answered(port);
  const startMs = performance.now() - begin;
  const made = subject(child, { port, startMs, workers: descendants(child.pid ?? 0) });
  const stop = async (): Promise<void> => {
    await made.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...made, stop };
}

/** The plainest proxy that undici makes, before a node:http server on a unix socket. */
export function proxied(): Promise<Subject> {
  return between('proxy');
}

/** Two sockets of Node and nothing that reads, before the same server: what no router can go below. */
export function piped(): Promise<Subject> {
  return between('pipe');
}

async function between(role: 'proxy' | 'pipe'): Promise<Subject> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-bench-'));
  const socket = path.join(folder, 'behind.sock');
  const start = async (as: string, ready: RegExp): Promise<[ChildProcess, RegExpExecArray]> => {
    const child = spawn(...serverCommand([application('proxy.js'), as, socket]), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    return [child, await find(child, () => output, ready)];
  };
  const [behind] = await start('behind', /ready/);
  const [proxy, [, port]] = await start(role, /ready (\d+)/);
  await answered(Number(port));
  const found = { port: Number(port), startMs: NaN, workers: [behind.pid ?? 0] };
  const made = subject(proxy, found);
  const stop = async (): Promise<void> => {
    const closed = once(behind, 'close');
    behind.kill('SIGINT');
    await Promise.all([closed, made.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...made, stop };
}

/** A server as a process with what was found out of it; INT stops it. */
export function subject(
  child: ChildProcess,
  found: { port: number; startMs: number; workers: readonly number[] },
): Subject {
  const master = child.pid ?? 0;
  return {
    port: found.port,
    startMs: found.startMs,
    statsPort: 0,
    pids: [...new Set([master, ...found.workers])],
    worker: found.workers[0] ?? master,
    async stop() {
      const closed = once(child, 'close');
      child.kill('SIGINT');
      await closed;
    },
  };
}

/** Waits until a process has written what is looked for. */
export async function find(
  child: ChildProcess,
  text: () => string,
  pattern: RegExp,
): Promise<RegExpExecArray> {
  for (;;) {
    const match = pattern.exec(text());
    if (match !== null) return match;
    if (child.exitCode !== null) throw new Error(`it ended: ${text()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function answered(port: number): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        headers: { connection: 'close' },
      });
      await response.text();
      return;
    } catch {
      // Not bound yet.
    }
  }
}
