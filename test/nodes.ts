import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Runs the tests on several versions of Node, one after the other, with what was built by this one:
 * `npm run test:nodes -- 22 24 unit/` runs the unit tests on two. The binaries are those of the npm
 * package `node`, in a temporary folder. Ends with 1 when a version failed.
 */

const VERSIONS = ['20', '22', '24', '26'];

const runner = fileURLToPath(new URL('./run.js', import.meta.url));
const given = process.argv.slice(2);
const versions = given.filter((word) => /^\d+(\.\d+)*$/.test(word));
const parts = given.filter((word) => !versions.includes(word));

/** How the tests went on this version, in a few words. */
function outcomeOn(version: string): { readonly text: string; readonly failed: boolean } {
  // A test starts it as a user of no rights, and with a /tmp of its own: both must come to it.
  const folder = mkdtempSync('/var/tmp/tsuwsgi-node-');
  chmodSync(folder, 0o755);
  try {
    const words = ['install', '--prefix', folder, '--no-audit', '--no-fund', `node@${version}`];
    const installed = spawnSync('npm', words, { stdio: 'inherit' });
    if (installed.status !== 0) return { text: 'could not be installed', failed: true };
    const bin = path.join(folder, 'node_modules', 'node', 'bin');
    const node = path.join(bin, 'node');
    const exact = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
    console.log(`\n*** node ${exact}`);
    // Whatever the tests start by its name is that version too.
    const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` };
    const { status, signal } = spawnSync(node, [runner, ...parts], { stdio: 'inherit', env });
    const how = signal ?? (status === 0 ? 'green' : `failed with ${String(status)}`);
    return { text: `${exact} ${how}`, failed: status !== 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const outcomes = (versions.length > 0 ? versions : VERSIONS).map((version) => {
  const { text, failed } = outcomeOn(version);
  return { text: `node ${version}: ${text}`, failed };
});
for (const { text } of outcomes) console.log(text);
process.exitCode = outcomes.some(({ failed }) => failed) ? 1 : 0;
