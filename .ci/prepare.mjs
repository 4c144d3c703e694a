// Before `npm start`, `npm test` and `npm run bench`: installs what package-lock.json names and
// builds, each only when needed, so that the commands work on a fresh clone.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const run = (command, ...args) => {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) console.error(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
};

const installed = 'node_modules/.package-lock.json';
if (
  !existsSync(installed) ||
  statSync(installed).mtimeMs < statSync('package-lock.json').mtimeMs - 1000
) {
  run('npm', 'ci', '--no-audit', '--no-fund');
}
run('npm', 'run', '--silent', 'build');
