import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './server.js';

/**
 * Installs this package in a folder as the registry would deliver it: what `npm pack` takes, and
 * nothing of the checkout. Its dependencies are not there; see `linkDependency`.
 */
export function installPackage(folder: string): void {
  const inherited = { cwd: ROOT, stdio: 'pipe' } as const;
  const cache = path.join(folder, '.npm');
  execFileSync(
    'npm',
    ['pack', '--ignore-scripts', '--offline', '--cache', cache, '--pack-destination', folder],
    inherited,
  );
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  assert.ok(tarball !== undefined, 'npm pack made a tarball');
  const place = path.join(folder, 'node_modules', 'tsuwsgi');
  mkdirSync(place, { recursive: true });
  const strip = ['--strip-components=1', '-C', place];
  execFileSync('tar', ['-xzf', path.join(folder, tarball), ...strip], inherited);
}

/** Lends the folder a dependency of this checkout. */
export function linkDependency(folder: string, name: string): void {
  const place = path.join(folder, 'node_modules', name);
  mkdirSync(path.dirname(place), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules', name), place);
}
