import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { descendants } from '../support/server.js';
import { serverCommand } from './pin.js';
import { application, find, MAIN, type Subject, subject } from './subjects.js';

/** Servers with TLS under measurement, all with one certificate. */
export interface SecureSubjects {
  /** tsuwsgi: a router with TLS before one worker. */
  readonly ours: () => Promise<Subject>;
  /** Node's HTTP/2 server, which answers itself: one process. */
  readonly bare: () => Promise<Subject>;
  /** The same as a proxy before a node:http server: two processes, as ours. */
  readonly proxy: () => Promise<Subject>;
  /** Removes the certificate. */
  dispose(): void;
}

export function secureSubjects(): SecureSubjects {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-bench-'));
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-days', '2', '-subj', '/CN=localhost', '-keyout', key, '-out', cert],
  ]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr.toString()}`);
  return {
    ours: () => startOurs(cert, key),
    bare: () => startAlone(application('secure.js'), 'bare', cert, key),
    proxy: () => startProxy(cert, key, path.join(folder, 'behind.sock')),
    dispose() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startOurs(cert: string, key: string): Promise<Subject> {
  const child = spawn(
    ...serverCommand([
      ...[MAIN, '--https', `127.0.0.1:0,${cert},${key}`, '--module', application('hello.js')],
      ...['--disable-logging', '--listen', '511'],
    ]),
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const [, port] = await find(child, () => log, /https bound on .*:(\d+) fd/);
  await find(child, () => log, /spawned tsuwsgi http 1/);
  return subject(child, {
    ...{ port: Number(port), startMs: NaN },
    workers: descendants(child.pid ?? 0),
  });
}

async function startProxy(cert: string, key: string, socket: string): Promise<Subject> {
  // The one of the last pair was killed, and left it there.
  rmSync(socket, { force: true });
  const [behind] = await start(application('proxy.js'), 'behind', socket);
  const made = await startAlone(application('secure.js'), 'proxy', cert, key, socket);
  return {
    ...made,
    pids: [...made.pids, behind.pid ?? 0],
    async stop() {
      const closed = once(behind, 'close');
      behind.kill('SIGINT');
      await Promise.all([closed, made.stop()]);
    },
  };
}

async function startAlone(...args: readonly string[]): Promise<Subject> {
  const [child, port] = await start(...args);
  return subject(child, { port, startMs: NaN, workers: [child.pid ?? 0] });
}

/** Starts a program of the bench, and has the port that it tells, if it tells one. */
async function start(...args: readonly string[]): Promise<[ChildProcess, number]> {
  const child = spawn(...serverCommand(args), { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [, port] = await find(child, () => output, /ready ?(\d*)/);
  return [child, Number(port)];
}
