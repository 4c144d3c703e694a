import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/server.js';

/** What serves requests: each loads one file. */
const ALONE = ['server/router/main', 'server/worker/main', 'server/worker/monitor-thread'];

/** What shares its parts with others. */
const SHARED = ['server/serve', 'server/options/reading', 'server/spooler/main', 'top/run'];

for (const name of [...ALONE, ...SHARED]) {
  const file = path.join(ROOT, `dist/${name}.packed.js`);
  const text = readFileSync(file, 'utf8');
  const payload = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload;

  test(`the packed ${name} loads no more files of ours than it should, and has its source map`, () => {
    const imported = [...text.matchAll(/(?:^|;)(?:import|export)\b[^;"]*"([^"]+)";/gm)];
    assert.ok(imported.length > 3, 'imports are found');
    const shared = SHARED.includes(name) ? '|(?:\\.{1,2}/)+(?:server/)?packed/' : '';
    const known = new RegExp(`^(?:node:|commander$|undici$|pidusage$|ws$|blessed${shared})`);
    for (const [, what = ''] of imported) assert.match(what, known);
    assert.ok(
      payload.sources.includes(`${'../'.repeat(name.split('/').length)}${name}.ts`),
      payload.sources.join(),
    );
  });
}

/** All that is packed: what is loaded first, and in server/packed what several of them share. */
const PACKED = ['server', 'top'].flatMap((part) =>
  readdirSync(path.join(ROOT, 'dist', part), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?:\.packed|^packed\/.*)\.js$/.test(file))
    .map((file) => path.posix.join(part, file)),
);

/**
 * What is called as it was written, whatever else was shortened. Not of `Promise`: the compiler makes
 * that of `import()`; and no errors, which its own helper for `using` makes and stands in no source.
 */
const PLACES = /\bnew (Map|Set|Promise)\(|(?<!\bPromise)\.([a-zA-Z]{5,})\(/g;

test('the source maps of all that is packed lead to the lines in which functions are called', () => {
  const wrong: string[] = [];
  const counts = new Map(PACKED.map((file) => [file, 0]));
  for (const { file, name, written } of PACKED.flatMap(placesOf)) {
    counts.set(file, (counts.get(file) ?? 0) + 1);
    if (!written.includes(name)) wrong.push(`${file}: ${name}: ${written}`);
  }
  assert.deepEqual(wrong, []);
  const chunks = PACKED.filter((file) => file.startsWith('server/packed/'));
  assert.ok(chunks.length > 10 && PACKED.length > chunks.length + 10, PACKED.join());
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  assert.ok(total > 3000, `${total} places`);
  // Of names, patterns and sentences: nothing is called in those.
  const silent = PACKED.filter((file) => counts.get(file) === 0);
  assert.ok(silent.length < PACKED.length / 4, silent.join());
});

interface Place {
  readonly file: string;
  readonly name: string;
  /** The line of the source that its map names. */
  readonly written: string;
}

function placesOf(file: string): Place[] {
  const packed = path.join(ROOT, 'dist', file);
  const map = new SourceMap(JSON.parse(readFileSync(`${packed}.map`, 'utf8')) as SourceMapPayload);
  return code(file)
    .split('\n')
    .flatMap((line, at) =>
      [...line.matchAll(PLACES)].map(({ index, 1: made, 2: called = '' }) => {
        // A call is mapped at its name, behind the point.
        const column = made === undefined ? index + 1 : index;
        const { originalSource, originalLine } = map.findEntry(at, column) as Partial<Entry>;
        const source = path.resolve(path.dirname(packed), originalSource ?? '');
        const name = made === undefined ? called : `new ${made}`;
        return { file, name, written: sourceLine(source, originalLine) };
      }),
    );
}

function code(file: string): string {
  const text = readFileSync(path.join(ROOT, 'dist', file), 'utf8');
  return text.replace(/\n\/\/# sourceMappingURL=.*\n$/, '');
}

interface Entry {
  readonly originalSource: string;
  readonly originalLine: number;
}

const texts = new Map<string, readonly string[]>();

function sourceLine(file: string, line = -1): string {
  const lines = texts.get(file) ?? readFileSync(file, 'utf8').split('\n');
  texts.set(file, lines);
  return lines[line] ?? '';
}
