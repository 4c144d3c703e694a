import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

  test(`the source map of the packed ${name} leads to the line where an object is made`, () => {
    const map = new SourceMap(payload);
    let found = 0;
    for (const [at, line] of text.split('\n').entries()) {
      // No errors: the compiler's own helper for `using` makes one, and stands in no source.
      for (const { index, 1: made = '' } of line.matchAll(/\bnew (Map|Set|Promise)\(/g)) {
        const { originalSource, originalLine } = map.findEntry(at, index) as Partial<Entry>;
        const place = path.resolve(path.dirname(file), originalSource ?? '');
        const written = sourceLine(place, originalLine);
        assert.ok(written.includes(`new ${made}`), `${made}: ${written}`);
        found += 1;
      }
    }
    assert.ok(found > 0, `${found} objects`);
  });
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
