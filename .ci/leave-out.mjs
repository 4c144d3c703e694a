// Says what of a build is not for the package: it takes the entries, what they load at run time, and
// the types that the public ones name. All else of the build is packed into other files already, or
// for tests. npm reads that from a .npmignore in each folder that package.json names.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What is run or loaded by its own name, beside the packed files. */
const ENTRIES = ['server/main.js', 'server/worker/module-hooks.js', 'top/main.js'];

const TYPES = ['server/index.d.ts', 'server/spooler/index.d.ts'];

const FOLDERS = ['server', 'top', 'shared'];

/** A file of the build, and all of the build that it imports, at once or later. */
function reach(root, file, seen) {
  if (seen.has(file)) return;
  seen.add(file);
  const text = readFileSync(path.join(root, file), 'utf8');
  const end = file.endsWith('.d.ts') ? '.d.ts' : '.js';
  for (const [, name] of text.matchAll(/(?:\bfrom |\bimport\(|^import )['"](\.[^'"]+)\.js['"]/gm)) {
    reach(root, path.join(path.dirname(file), name + end), seen);
  }
}

/** Writes a .npmignore into each folder of the build that is published. */
export function leaveOut(root, packed) {
  const wanted = new Set();
  for (const entry of [...ENTRIES, ...TYPES]) reach(root, entry, wanted);
  for (const file of packed) wanted.add(file);
  for (const file of [...wanted]) {
    if (existsSync(path.join(root, `${file}.map`))) wanted.add(`${file}.map`);
  }
  for (const folder of FOLDERS) {
    const left = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      .filter((file) => !wanted.has(file))
      .map((file) => `/${path.relative(folder, file)}`);
    writeFileSync(path.join(root, folder, '.npmignore'), left.sort().join('\n') + '\n');
  }
}
