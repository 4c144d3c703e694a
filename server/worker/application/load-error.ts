import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import type { Problem } from '../../../shared/problem.js';
import { LOAD_PROBLEMS } from '../../problems/application.js';

/** A load error is for a log: a recursion's stack or a whole bundle's line is cut. */
const MAX_LENGTH = 6_000;
const CHECK_TIMEOUT_MS = 5_000;

/**
 * Why a file cannot be a module, before Node is asked to load it; undefined when it can. `option` is how
 * another one is named.
 */
export function problemWithFile(
  file: string,
  option = '--module FILE[:export]',
): Problem | undefined {
  const entry = fs.statSync(file, { throwIfNoEntry: false });
  if (entry?.isDirectory()) {
    return LOAD_PROBLEMS.isFolder(file, path.join(file, 'index.js'));
  }
  if (entry) return undefined;
  const similar = ['.js', '.mjs', '.cjs', '/index.js']
    .map((ending) => file + ending)
    .find((candidate) => fs.existsSync(candidate));
  return similar === undefined
    ? LOAD_PROBLEMS.missing(file, option)
    : LOAD_PROBLEMS.almost(file, similar);
}

/** Explains what was thrown while a module was loaded, with the part of the stack that is its own. */
export function explainLoadError(file: string, thrown: unknown): string {
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, 'code') : undefined;
  const message = thrown instanceof Error ? thrown.message : '';
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return unknownExtension(file, message);
  const missing = /^Cannot find (?:package|module) '([^'./][^']*)'/.exec(message)?.[1];
  const problem =
    missing === undefined ? LOAD_PROBLEMS.threw(file) : LOAD_PROBLEMS.uninstalled(file, missing);
  const at = thrown instanceof SyntaxError ? syntaxErrorPlace(file, thrown) : '';
  return `${problem}\n${at}${explain(thrown)}`.slice(0, MAX_LENGTH);
}

function unknownExtension(file: string, message: string): Problem {
  return /\.[mc]?tsx?$/.test(file)
    ? LOAD_PROBLEMS.typeScript(file)
    : LOAD_PROBLEMS.noModule(file, message);
}

/** The stack of an error and of its causes, without the frames of Node's loader and of ours. */
export function explain(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `thrown: ${inspect(thrown)}`;
  const lines: string[] = [];
  let error: unknown = thrown;
  for (let depth = 0; error instanceof Error && depth < 4; depth++) {
    const stack = trim((error.stack ?? String(error)).split('\n'));
    lines.push(depth === 0 ? stack.join('\n') : `caused by ${stack.join('\n')}`);
    error = error.cause;
  }
  return lines.join('\n');
}

/** What comes after the last step of Node's loader is whoever asked for the module: ourselves. */
function trim(lines: readonly string[]): string[] {
  const loader = lines.findLastIndex((line) => /^\s+at .*node:internal\/modules\/esm/.test(line));
  const called = loader < 0 ? lines : lines.slice(0, loader);
  return called.filter((line) => !isOurs(line));
}

function isOurs(line: string): boolean {
  return /^\s+at /.test(line) && (line.includes('node:internal/') || line.includes(ownFolder));
}

const ownFolder = import.meta.dirname + path.sep;

/**
 * V8 keeps the place of a syntax error in an ES module from the stack; `node --check` prints it.
 * Empty when the stack tells it, or when the error is in another file.
 */
function syntaxErrorPlace(file: string, error: SyntaxError): string {
  const told = error.stack?.split('\n').some((line) => /^(\/|file:).*:\d+$/.test(line)) ?? false;
  if (told) return '';
  const check = spawnSync(process.execPath, ['--check', file], {
    encoding: 'utf8',
    timeout: CHECK_TIMEOUT_MS,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines = (check.error ? '' : check.stderr).split('\n');
  const end = lines.findIndex((line) => line.includes('SyntaxError'));
  return end <= 0
    ? ''
    : `${lines
        .slice(0, end)
        .join('\n')
        .trim()
        .replace(/^file:\/\//, '')}\n`;
}
