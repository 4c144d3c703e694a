import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isAnswering } from './answering.js';
import { readDevCommand } from './command-line.js';
import { freePort } from './free-port.js';
import { createPresenter } from './present.js';

const HOST = '127.0.0.1';
/** Whoever starts it has read nothing yet. */
const USAGE = 2;
/** A larger file was written by a program. */
const MOST_BYTES = 4 * 1024 * 1024;

/** The folder of this package, from the packed file. */
const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));
const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
const OUR_FOLDERS = ['dist', 'server', 'shared', 'top'].map((name) =>
  path.join(PACKAGE, name, path.sep),
);

/** `tsuwsgi dev …`: runs an instance, and shows what it logs; settles with its exit code. */
export async function devCommand(argv: readonly string[]): Promise<number> {
  const { stdout, stderr } = process;
  // Who reads may have had enough.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  const invocation = readDevCommand(argv);
  const tell = (line: string): void => void stderr.write(`tsuwsgi dev: ${line}\n`);
  switch (invocation.kind) {
    case 'print':
      stdout.write(invocation.text);
      return 0;
    case 'refuse':
      invocation.problems.forEach(tell);
      return USAGE;
    case 'run': {
      const { application, port, words } = invocation;
      if (port === null) return run(words, null);
      const free = await freePort(port, HOST);
      if (!free.ok) {
        tell(free.error);
        return 1;
      }
      const taken = free.value === port ? '' : `, since ${port} is taken`;
      return run([...words, `--http-socket=${HOST}:${free.value}`], {
        port: free.value,
        greeting: `http://${HOST}:${free.value}  ${application}${taken}`,
      });
    }
  }
}

/** What is told as soon as the application can be asked. */
interface Opening {
  readonly port: number;
  readonly greeting: string;
}

/** An instance of its own, so that what it writes can be read, whoever of it writes it. */
async function run(words: readonly string[], opening: Opening | null): Promise<number> {
  const { stdout } = process;
  const hasColours = stdout.isTTY && stdout.hasColors();
  const tellsAddresses = opening === null;
  const present = createPresenter({ hasColours, tellsAddresses, read: readOwn, isOurs });
  const child = spawn(process.execPath, [...process.execArgv, MAIN, ...words], {
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  const release = handOn(child);
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input, crlfDelay: Infinity }).on('line', (line) => {
      for (const shown of present(line)) stdout.write(`${shown}\n`);
    });
  }
  const ended = new AbortController();
  if (opening !== null) void greet(opening, hasColours, ended.signal);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  ended.abort();
  release();
  return code ?? 128 + os.constants.signals[signal ?? 'SIGTERM'];
}

async function greet(
  { port, greeting }: Opening,
  hasColours: boolean,
  signal: AbortSignal,
): Promise<void> {
  if (!(await isAnswering(port, HOST, signal))) return;
  process.stdout.write(`${hasColours ? `\u001b[1m${greeting}\u001b[0m` : greeting}\n`);
}

/**
 * Signals go on to the instance, which may have them from the terminal too: a second one ends it the
 * sooner. For the instance a hang-up is a reload; here the terminal is gone, and so is who looks.
 */
function handOn(child: ChildProcess): () => void {
  const signals = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: 'SIGTERM' } as const;
  const undo = Object.entries(signals).map(([from, to]) => {
    const listener = (): void => void child.kill(to);
    process.on(from, listener);
    return () => process.off(from, listener);
  });
  return () => {
    for (const each of undo) each();
  };
}

function isOurs(file: string): boolean {
  return OUR_FOLDERS.some((folder) => file.startsWith(folder));
}

/** The application's own files: neither of a package nor of ours. */
function readOwn(file: string): string | null {
  if (isOurs(file) || file.split(path.sep).includes('node_modules')) return null;
  try {
    const entry = statSync(file);
    return entry.isFile() && entry.size < MOST_BYTES ? readFileSync(file, 'utf8') : null;
  } catch {
    return null;
  }
}
