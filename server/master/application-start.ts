import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { getPriority } from 'node:os';
import path from 'node:path';
import type { Problem } from '../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import type { Options } from '../options/table.js';
import { START_PROBLEMS } from '../problems/application.js';

/** What the processes that run the application's code have besides others: workers and spoolers. */
export interface ApplicationStart {
  /** `--chdir`, as written, so that a link is followed anew; undefined: where the master is. */
  readonly folder: string | undefined;
  /** The words before the name of the program; none without limits. */
  readonly launcher: readonly string[];
  /** Options of Node beside those of the master. */
  readonly flags: readonly string[];
}

type Wanted = Pick<
  Options,
  | 'chdir'
  | 'env'
  | 'node-option'
  | 'import'
  | 'worker-nice'
  | 'rlimit-as'
  | 'rlimit-nofile'
  | 'rlimit-nproc'
  | 'rlimit-core'
>;

/** What the options come down to; `folder` is the absolute path of `--chdir`. */
export function applicationStart(options: Wanted, folder: string | undefined): ApplicationStart {
  return {
    folder,
    launcher: launcherOf(options),
    flags: [...options['node-option'], ...options.import.map((module) => `--import=${module}`)],
  };
}

/**
 * Node cannot call setrlimit, and would lower its own niceness for one of its threads only. So a
 * shell does both and then becomes the program: it is the same process, under the same pid. Only
 * numbers get into its text. `-u` is `-p` in dash.
 */
function launcherOf(options: Wanted): readonly string[] {
  const core = options['rlimit-core'];
  const limits = [
    ...ulimit('-v', options['rlimit-as'], 1024),
    ...ulimit('-n', options['rlimit-nofile']),
    ...(core === undefined ? [] : [`ulimit -c ${core === 'unlimited' ? core : 0}`]),
    ...processLimit(options['rlimit-nproc']),
  ];
  const nice = options['worker-nice'] ?? 0;
  if (limits.length === 0 && nice === 0) return [];
  const program = nice === 0 ? '"$0" "$@"' : `nice -n ${nice} "$0" "$@"`;
  return ['/bin/sh', '-c', [...limits, `exec ${program}`].join(' && ')];
}

function ulimit(flag: string, value: number | undefined, unit = 1): string[] {
  return value === undefined ? [] : [`ulimit ${flag} ${value * unit}`];
}

function processLimit(value: number | undefined): string[] {
  return value === undefined ? [] : [`{ ulimit -u ${value} 2>/dev/null || ulimit -p ${value}; }`];
}

/** Says how nice it is, in a folder that its user may be in. */
const PROBE = 'process.chdir("."); os.getPriority()';
/** Longer than Node ever takes to start. */
const PROBE_MS = 20_000;

/**
 * Starts Node once as workers will be, with nothing to run: a limit that cannot be set, or that Node
 * cannot live with, ends the start instead of every worker. `owner` is who workers are.
 */
export function probeStart(
  { folder, launcher, flags }: ApplicationStart,
  { nice, owner }: { readonly nice: number; readonly owner: { uid: number; gid: number } | null },
): Result<null, Problem> {
  const own = flags.filter((flag) => !flag.startsWith('--import='));
  if (launcher.length === 0 && own.length === 0) return ok(null);
  const words = [...launcher, process.execPath, ...own, '-p', PROBE];
  const { error, status, signal, stdout, stderr } = spawnSync(words[0] ?? '', words.slice(1), {
    ...owner,
    ...(folder !== undefined && { cwd: folder }),
    timeout: PROBE_MS,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const what = named(launcher, own, folder);
  if (error !== undefined) return err(START_PROBLEMS.notStarted(what, messageOf(error)));
  if (status !== 0) return err(problemOfWords(what, stderr, signal));
  const wanted = Math.min(19, Math.max(-20, getPriority() + nice));
  if (Number(stdout) === wanted) return ok(null);
  return err(START_PROBLEMS.niceRefused(nice, firstLine(stderr)));
}

function named(launcher: readonly string[], flags: readonly string[], folder?: string): string {
  const where = folder === undefined ? '' : ` in ${folder}`;
  const limits = launcher.length === 0 ? '' : ' under its limits';
  return `${flags.length === 0 ? '' : `with ${flags.join(' ')}`}${where}${limits}`.trim();
}

function problemOfWords(how: string, stderr: string, signal: string | null): Problem {
  if (stderr.includes('Operation not permitted')) {
    return START_PROBLEMS.hardLimit(how, firstLine(stderr));
  }
  if (signal !== null || stderr === '') return START_PROBLEMS.tooLittle(how, signal ?? 'itself');
  return START_PROBLEMS.notStarted(how, firstLine(stderr));
}

function firstLine(text: string): string {
  const line = text.split('\n').find((each) => each.trim() !== '') ?? 'it did not say why';
  // A shell begins with its own name and the number of a line.
  return line.replace(/^\S+: (line )?\d+: /, '').slice(0, 300);
}

/**
 * The first `--import` that leads nowhere, as one sentence; null when all are there. A package is
 * looked for as Node does, in `node_modules` of `folder` and of those above.
 */
export function importProblem(modules: readonly string[], folder: string): Problem | null {
  for (const module of modules) {
    if (/^(#|(node|data|file):)/.test(module)) continue;
    if (/^\.{0,2}\//.test(module)) {
      const file = path.resolve(folder, module);
      if (!existsSync(file)) return START_PROBLEMS.importMissing(module, file);
    } else if (!isInstalled(module, folder)) {
      const name = packageName(module);
      return START_PROBLEMS.importUninstalled(module, name, folder);
    }
  }
  return null;
}

function packageName(module: string): string {
  return module.split('/', module.startsWith('@') ? 2 : 1).join('/');
}

function isInstalled(module: string, folder: string): boolean {
  const name = packageName(module);
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, 'node_modules', name))) return true;
    if (at === path.dirname(at)) return false;
  }
}
