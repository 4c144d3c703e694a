import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../support/server.js';

/** What lint cannot see of the structure: that imports never lead back to where they came from. */

const FOLDERS = ['server', 'top', 'shared', 'examples'];

function sources(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => path.join(folder, file)),
  );
}

/** The face of the package offers the public client beside what a worker may import. */
const FACE = path.join('server', 'index.ts');

/** The project's own files that a file imports, at once or later, types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  return [...text.matchAll(/\b(?:from |import\()'(\.[^']+)\.js'/g)].map(([, target = '']) =>
    path.join(path.dirname(file), `${target}.ts`),
  );
}

/** The first circle found, as a path that ends where it began. */
function findCircle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...trail, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}

test('no import leads in a circle', () => {
  const graph = new Map(sources().map((file) => [file, importsOf(file)]));
  assert.ok(graph.size > 100, 'the sources are found');
  assert.deepEqual(findCircle(graph), undefined);
});

test('a circle would be found', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['b']],
  ]);
  assert.deepEqual(findCircle(graph), ['b', 'c', 'b']);
});

test('the dashboard and the server meet on the wire only', () => {
  for (const file of sources()) {
    const [side] = file.split(path.sep);
    const other = side === 'server' ? 'top' : side === 'top' ? 'server' : undefined;
    const crossing = importsOf(file).filter((target) => target.startsWith(`${other ?? ' '}/`));
    if (file === FACE) assert.ok(crossing.every((target) => target.startsWith('top/client/')));
    else assert.deepEqual(crossing, [], file);
  }
});

test('what an application imports loads no client until it asks for one', () => {
  const text = readFileSync(path.join(ROOT, FACE), 'utf8');
  const atOnce = [...text.matchAll(/^(?:import|export) (?!type )[^]*?from '(\.[^']+)';/gm)];
  assert.deepEqual(
    atOnce.map(([, target]) => target),
    ['./worker/this-worker.js', '../shared/stats-error.js'],
  );
});
