import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tcpServer } from './stats-servers.js';

const APPLICATION = `
def application(env, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'ok']
`;

/** A real uWSGI, and what it logs. */
export interface Uwsgi extends AsyncDisposable {
  readonly folder: string;
  readonly pid: number;
  readonly log: () => string;
}

export interface UwsgiSettings {
  /** How many there can be. */
  readonly workers?: number;
  /** How many of them are started; all without cheaper. */
  readonly first?: number;
  readonly launcher?: readonly string[];
  /** In Python, in place of one that answers "ok". */
  readonly application?: string;
}

const found = spawnSync('uwsgi', ['--plugin', 'python3', '--version']).status === 0;

/** For `skip` of a test: false where uWSGI is installed, else what is missing. */
export const WITHOUT_UWSGI: string | false = found
  ? false
  : 'needs the packages uwsgi-core and uwsgi-plugin-python3';

const routes = spawnSync('uwsgi', ['--plugin', 'python3', '--plugin', 'http', '--version']);

/** The same where its http router is wanted too. */
export const WITHOUT_ROUTER: string | false =
  routes.status === 0 ? false : 'needs uWSGI with the plugins python3 and http';

/** Starts uWSGI in a folder of its own and waits until its workers and stats server are there. */
export async function startUwsgi(
  stats: (folder: string) => readonly string[],
  settings: UwsgiSettings = {},
): Promise<Uwsgi> {
  const { workers = 2, first = workers, launcher = [], application = APPLICATION } = settings;
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-uwsgi-'));
  writeFileSync(path.join(folder, 'app.py'), application);
  const [command = '', ...args] = [
    ...launcher,
    ...['uwsgi', '--plugin', 'python3', '--master', '--no-orphans'],
    ...['-p', String(workers), '--wsgi-file', 'app.py'],
    ...['--http-socket', '127.0.0.1:0', ...stats(folder)],
  ];
  const child = spawn(command, args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  assert.ok(pid !== undefined);
  let log = '';
  const gone = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      log += chunk.toString();
      const spawned = log.includes(`spawned uWSGI worker ${first} `);
      if (log.includes('Stats server enabled') && spawned) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => {
      reject(new Error(`uwsgi ended: ${log}`));
    });
  });
  return {
    folder,
    pid,
    log: () => log,
    [Symbol.asyncDispose]: async () => {
      // The whole group at once: a worker that has only just forked loses a SIGINT, and then its
      // master waits for it for ever.
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGKILL');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** uWSGI logs the address as it was given, so a free port is found out before. */
export async function freePort(): Promise<number> {
  const server = await tcpServer(() => undefined);
  await server[Symbol.asyncDispose]();
  return server.port;
}
