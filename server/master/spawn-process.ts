import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { Duplex } from 'node:stream';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import type { Logs } from '../logging/logs.js';

/**
 * Starts another Node. Some failures are told at once (the error, one sentence), others by the
 * child's 'error' event: for those there is `spawnProblem`. The words of `launcher` stand before Node:
 * they become it.
 */
export function spawnNode(
  args: readonly string[],
  options: SpawnOptions,
  launcher: readonly string[] = [],
): Result<ChildProcess, string> {
  const [program = process.execPath, ...words] = [...launcher, process.execPath, ...args];
  try {
    return ok(spawn(program, words, options));
  } catch (error) {
    return err(spawnProblem(error));
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  EAGAIN:
    'this user may have no more processes or threads: raise ulimit -u, or the pids limit of the container',
  EMFILE: 'this process may have no more files open: raise ulimit -n',
  ENFILE: 'this machine may have no more files open: raise fs.file-max',
  ENOMEM: 'the machine is out of memory: start fewer workers, or add memory or swap',
  ENOENT: 'the folder of --chdir is not there, or Node itself: put it back',
  EACCES: 'permission denied: the user of the workers may not enter the folder of --chdir',
  EPERM: 'permission denied: only root may start a process as another user',
};

/** Why the operating system would not start a process, and what helps. */
export function spawnProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const remedy = REMEDIES[code];
  return remedy === undefined ? messageOf(error) : `${code}: ${remedy}`;
}

/** One of the pipes of a child; null when there is none, because the child was not started. */
export function pipeOf(child: ChildProcess, index: number): Duplex | null {
  // Out of descriptors, Node leaves `stdio` out altogether, against its type.
  const stdio: unknown = Reflect.get(child, 'stdio');
  const pipe: unknown = Array.isArray(stdio) ? stdio[index] : null;
  return pipe instanceof Duplex ? pipe : null;
}

/** What of the log reads the output of children, where they do not write to it themselves. */
export type OutputReader = Pick<Logs, 'collect' | 'isCollecting'>;

/** What a child has as stdin, stdout and stderr. */
export function outputOf(reader: OutputReader): ['ignore', 'inherit' | 'pipe', 'inherit' | 'pipe'] {
  const way = reader.isCollecting ? 'pipe' : 'inherit';
  return ['ignore', way, way];
}

/** Processes that a child started may hold its stdout and stderr open for ever. */
const OUTPUT_MS = 500;

/**
 * Calls back once when a child is dead, its link was read to its end, and what it wrote was too, as
 * far as that comes soon. ('close' of the child would wait for its own children too.)
 */
export function whenGone(
  child: ChildProcess,
  link: Duplex,
  output: Promise<void>,
  onGone: (code: number | null, signal: NodeJS.Signals | null) => void,
): void {
  const exited = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve([code, signal]);
    });
  });
  const linkEnded = new Promise<void>((resolve) => {
    link.once('close', resolve);
  });
  void exited.then(async ([code, signal]) => {
    await linkEnded;
    let limit: NodeJS.Timeout | undefined;
    await Promise.race([
      output,
      new Promise((resolve) => (limit = setTimeout(resolve, OUTPUT_MS))),
    ]);
    clearTimeout(limit);
    onGone(code, signal);
  });
}
