import path from 'node:path';
import type { Dress } from '../logging/dress.js';
import { type LoggerSpec, parseLogger } from '../logging/logger-spec.js';
import type { LoggingSettings } from '../logging/settings.js';
import type { Options } from './table.js';
import type { Problem } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from './problems/together.js';

/** Whose log files become, and whether this is a master that took the place of another. */
export interface LogFileOwner {
  readonly owner: LoggingSettings['files']['owner'];
  readonly isSuccessor: boolean;
  /** What paths are relative to: where it was started, since `--chdir` comes later. */
  readonly folder: string;
}

/**
 * What the master does with the lines of its processes; null where they write to standard error
 * themselves, which costs least and is so unless an option needs the master to read them.
 */
export function loggingSettings(
  options: Options,
  { owner, isSuccessor, folder }: LogFileOwner,
): LoggingSettings | null {
  const named = namedLoggers(options, folder);
  const late = options.logto2 === undefined ? [] : [fileOf(options.logto2, folder)];
  const requests = specs(options['req-logger'], folder);
  const dress = dressOf(options);
  const isWanted = options['log-master'] || named.length + late.length + requests.length > 0;
  if (!isWanted && !isDressed(dress)) return null;
  return {
    loggers: named.length + late.length > 0 ? named : [{ kind: 'stdio' }],
    late,
    requestLoggers: requests.length > 0 ? requests : null,
    dress,
    files: filesOf(options, owner, folder),
    truncate: options['log-truncate'] && !isSuccessor,
    reopenOnReload: options['log-reopen'],
  };
}

function namedLoggers({ logto, logger }: Options, folder: string): readonly LoggerSpec[] {
  return [...(logto === undefined ? [] : [fileOf(logto, folder)]), ...specs(logger, folder)];
}

function dressOf(options: Options): Dress {
  const { 'log-json': json, 'log-prefix': prefix = null, 'log-date': date = null } = options;
  return { json, prefix, date };
}

function isDressed({ json, prefix, date }: Dress): boolean {
  return json || prefix !== null || date !== null;
}

function filesOf(
  options: Options,
  owner: LogFileOwner['owner'],
  folder: string,
): LoggingSettings['files'] {
  const { 'logfile-chmod': mode, 'log-backupname': backup } = options;
  return {
    maxSize: options['log-maxsize'] ?? null,
    backupName: backup === undefined ? null : path.resolve(folder, backup),
    mode: mode === undefined ? null : parseInt(mode, 8),
    owner: options['logfile-chown'] ? owner : null,
  };
}

const NEED_A_FILE = [
  ...(['log-maxsize', 'log-backupname', 'log-truncate', 'log-reopen'] as const),
  ...(['logfile-chmod', 'logfile-chown'] as const),
];

/** Why the options for the log cannot be used together; null when they can. */
export function loggingProblem(options: Options): Problem | null {
  const all = [...specs(options.logger, '/'), ...specs(options['req-logger'], '/')];
  const { logto, logto2 } = options;
  const hasFile =
    logto !== undefined || logto2 !== undefined || all.some(({ kind }) => kind === 'file');
  const idle = NEED_A_FILE.find((name) => options[name] !== undefined && options[name] !== false);
  if (!hasFile && idle !== undefined) return TOGETHER_PROBLEMS.logNeedsFile(idle);
  const beside = (['log-prefix', 'log-date'] as const).find((name) => options[name] !== undefined);
  if (!options['log-json'] || beside === undefined) return null;
  return TOGETHER_PROBLEMS.logBesideJson(beside);
}

/** Checked when they were read. */
function specs(texts: readonly string[], folder: string): readonly LoggerSpec[] {
  return texts.flatMap((text) => {
    const parsed = parseLogger(text);
    if (!parsed.ok) return [];
    return [parsed.value.kind === 'file' ? fileOf(parsed.value.path, folder) : parsed.value];
  });
}

function fileOf(file: string, folder: string): LoggerSpec {
  return { kind: 'file', path: path.resolve(folder, file) };
}
