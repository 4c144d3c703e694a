import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Runs every compiled test in one `node --test`, so that one summary of node:test's own ends the
 * output. Arguments are parts of paths: `node dist/test/run.js integration/reload` runs only those.
 */

const compiled = fileURLToPath(new URL('.', import.meta.url));
const sources = fileURLToPath(new URL('../../test/', import.meta.url));

/**
 * Integration tests start several processes each, on machines with two cores; but most of their time
 * they wait for one of them, so that a third file fills what two leave.
 */
const CONCURRENCY = 3;

/** TEST_LONG=1 runs the same files, harder. */
const long = process.env['TEST_LONG'] === '1';
/** A test that hangs has failed: no single file takes this long on a loaded machine. */
const TIMEOUT_MS = long ? 3_600_000 : 240_000;
const wanted = process.argv.slice(2);
const files = readdirSync(compiled, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.js'))
  // What was compiled from a test that is gone must not run on.
  .filter((file) => existsSync(path.join(sources, file.replace(/\.js$/, '.ts'))))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();

if (files.length === 0) {
  console.error(`no test matches ${wanted.join(' ')}`);
  process.exit(1);
}

const { status, signal } = spawnSync(
  process.execPath,
  [
    '--enable-source-maps',
    '--test',
    `--test-timeout=${TIMEOUT_MS}`,
    `--test-concurrency=${CONCURRENCY}`,
    '--test-reporter=spec',
    ...(long ? ['--import', new URL('./support/long.js', import.meta.url).href] : []),
    ...files.map((file) => path.join(compiled, file)),
  ],
  { stdio: 'inherit' },
);
if (signal !== null) console.error(`the tests were ended by ${signal}`);
process.exitCode = status ?? 1;
