import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { StatsDocument, WorkerStats } from '../../shared/stats.js';
import { eventually } from './eventually.js';
import { assertValid } from './stats-schema.js';

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url));
/** The repository, whose files the compiled tests run beside. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const CATSERVE = path.join(ROOT, 'examples/catserve/app.js');
export const APPS = path.join(ROOT, 'test/fixtures/apps');

/** A real tsuwsgi in a process of its own. */
export class TestServer {
  readonly child: ChildProcess;
  /** Holds the runtime directory and whatever a test puts there. */
  readonly directory: string;
  #output = '';
  readonly #exited: Promise<number | string>;

  constructor(args: readonly string[], directory: string, settings: ServerSettings) {
    this.directory = directory;
    const [command = '', ...words] = [
      ...(settings.launcher ?? []),
      ...[process.execPath, '--enable-source-maps', MAIN, ...args],
    ];
    this.child = spawn(command, words, {
      cwd: settings.cwd ?? ROOT,
      env: { ...process.env, XDG_RUNTIME_DIR: directory, ...settings.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.#exited = once(this.child, 'close').then(
      ([code, signal]) => (code ?? signal) as number | string,
    );
  }

  /** Everything that was logged so far. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The exit code, or the signal that ended it. */
  exited(): Promise<number | string> {
    return this.#exited;
  }

  isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Waits for a line of the log; fails when the server ends before. */
  async logged(pattern: RegExp): Promise<RegExpExecArray> {
    return eventually(`${pattern} in the log:\n${this.#output}`, () => {
      const match = pattern.exec(this.#output);
      if (match === null && !this.isRunning()) throw new Error(`it ended:\n${this.#output}`);
      return match;
    });
  }

  /** Where the first socket is bound. */
  async port(): Promise<number> {
    const match = await this.logged(/(?:socket 0 bound to TCP address|http bound on) .*:(\d+) fd/);
    return Number(match[1]);
  }

  async url(route = '/'): Promise<string> {
    return `http://127.0.0.1:${await this.port()}${route}`;
  }

  async statsPort(): Promise<number> {
    const match = await this.logged(/Stats server enabled on [^\n]*:(\d+) \*\*\*/);
    return Number(match[1]);
  }

  /** The stats document as a silent reader gets it; one that is not as documented fails. */
  async stats(): Promise<StatsDocument> {
    const document = JSON.parse(await readAll(await this.statsPort())) as StatsDocument;
    assertValid(document);
    return document;
  }

  /** Waits until the stats satisfy a condition, and returns them. */
  async until(what: string, condition: (stats: StatsDocument) => boolean): Promise<StatsDocument> {
    return eventually(what, async () => {
      const stats = await this.stats();
      if (condition(stats)) return stats;
      throw new Error(`${JSON.stringify(stats)}\n${this.#output.slice(-3000)}`);
    });
  }

  /** Waits until every worker accepts connections, and every router: before that it refuses them. */
  async ready(): Promise<StatsDocument> {
    return this.until(
      'all workers and routers ready',
      ({ workers, routers }) =>
        workers.every(({ accepting }) => accepting === 1) &&
        routers.every(({ state }) => state === 'ready'),
    );
  }

  async worker(id: number): Promise<WorkerStats> {
    const worker = (await this.stats()).workers.find((candidate) => candidate.id === id);
    assert.ok(worker, `there is no worker ${id}`);
    return worker;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

export interface ServerSettings {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Adds `--stats 127.0.0.1:0`; true unless said otherwise. */
  readonly stats?: boolean;
  /** Leaves `--http-socket` out: the server has the sockets that its arguments name. */
  readonly onlySockets?: boolean;
  /** Words to put before the command: `prlimit --nofile=64`, say. */
  readonly launcher?: readonly string[];
}

/**
 * Starts tsuwsgi for a test, on ports of the kernel's choice. At the end of the test it is stopped,
 * and the test fails when a process, a socket or a key file is left.
 */
export function startServer(
  test: TestContext,
  args: readonly string[],
  settings: ServerSettings = {},
): TestServer {
  const directory = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-test-'));
  const all = [
    ...(settings.stats === false ? [] : ['--stats', '127.0.0.1:0']),
    ...(settings.onlySockets === true || args.some((arg) => /^--https?(-socket)?$/.test(arg))
      ? []
      : ['--http-socket', '127.0.0.1:0']),
    ...args,
  ];
  const server = new TestServer(all, directory, settings);
  test.after(async () => {
    const started = [server.pid, ...descendants(server.pid)];
    if (server.isRunning()) {
      server.kill('SIGINT');
      const forced = setTimeout(() => {
        server.kill('SIGKILL');
      }, 20_000);
      assert.equal(await server.exited(), 0, server.output);
      clearTimeout(forced);
    }
    await eventually('every process to be gone', () => started.every((pid) => !isAlive(pid)));
    // Nobody can clean up after SIGKILL; the next master removes what a dead one left.
    const left = server.child.signalCode === 'SIGKILL' ? [] : keyFiles(directory);
    assert.deepEqual(left, [], 'key files are left');
    rmSync(directory, { recursive: true, force: true });
  });
  return server;
}

/** The key files in the runtime directory of a server. */
export function keyFiles(directory: string): string[] {
  const folder = path.join(directory, 'tsuwsgi');
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Whether a process runs; one that is dead and not yet reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z';
  } catch {
    return false;
  }
}

/** The pids of all children of a process. */
export function descendants(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const children = text === '' ? [] : text.split(' ').map(Number);
    return children.flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}

/** Reads a port to its end without saying a word. */
export async function readAll(port: number): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(socket, 'close');
  return text;
}
