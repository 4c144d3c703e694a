import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';

/** A load error is for a log: a recursion's stack or a whole bundle's line is cut. */
const MAX_LENGTH = 6_000;
const CHECK_TIMEOUT_MS = 5_000;

/** Why a file cannot be a module, before Node is asked to load it; undefined when it can. */
export function problemWithFile(file: string): string | undefined {
  const entry = fs.statSync(file, { throwIfNoEntry: false });
  if (entry?.isDirectory()) {
    return `cannot load ${file}: it is a folder: name its file, such as ${path.join(file, 'index.js')}`;
  }
  if (entry) return undefined;
  const similar = ['.js', '.mjs', '.cjs', '/index.js']
    .map((ending) => file + ending)
    .find((candidate) => fs.existsSync(candidate));
  const remedy =
    similar === undefined ? 'name an existing one with --module FILE[:export]' : `use ${similar}`;
  return `cannot load ${file}: there is no such file: ${remedy}`;
}

/** Explains what was thrown while a module was loaded, with the part of the stack that is its own. */
export function explainLoadError(file: string, thrown: unknown): string {
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, 'code') : undefined;
  const message = thrown instanceof Error ? thrown.message : '';
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return unknownExtension(file, message);
  const missing = /^Cannot find (?:package|module) '([^'./][^']*)'/.exec(message)?.[1];
  const remedy =
    missing === undefined ? 'correct what it says below' : `install it: npm install ${missing}`;
  const at = thrown instanceof SyntaxError ? syntaxErrorPlace(file, thrown) : '';
  return `cannot load ${file}: ${remedy}\n${at}${explain(thrown)}`.slice(0, MAX_LENGTH);
}

function unknownExtension(file: string, message: string): string {
  if (!/\.[mc]?tsx?$/.test(file)) {
    return `cannot load ${file}: ${message}: a module is .js, .mjs or .cjs`;
  }
  return (
    `cannot load ${file}: TypeScript is not compiled here: ` +
    'compile it and name the JavaScript file, or have it compiled: npm install tsx, and --import tsx'
  );
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
