import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/server.js';

for (const name of [
  'server/serve',
  'server/options/reading',
  'server/router/main',
  'server/spooler/main',
  'server/worker/main',
  'server/worker/monitor-thread',
  'top/run',
]) {
  const file = path.join(ROOT, `dist/${name}.packed.js`);
  const text = readFileSync(file, 'utf8');
  const payload = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload;

  test(`the packed ${name} loads no further file of ours, and has its source map`, () => {
    const imported = [...text.matchAll(/(?:^|;)(?:import|export)\b[^;"]*"([^"]+)";/gm)];
    assert.ok(imported.length > 3, 'imports are found');
    for (const [, what = ''] of imported)
      assert.match(what, /^(node:|commander$|undici$|pidusage$|ws$|blessed)/);
    assert.doesNotMatch(text, /\bimport\("\.{1,2}\//);
    assert.ok(
      payload.sources.includes(`${'../'.repeat(name.split('/').length)}${name}.ts`),
      payload.sources.join(),
    );
  });

  test(`the source map of the packed ${name} leads to the line where a function is written`, () => {
    const map = new SourceMap(payload);
    let found = 0;
    for (const [at, line] of text.split('\n').entries()) {
      for (const { index, 1: called = '' } of line.matchAll(/function (\w{6,})\(/g)) {
        const { originalSource, originalLine } = map.findEntry(at, index) as Partial<Entry>;
        // Names that two files have in common are numbered when they are packed.
        const written = sourceLine(
          path.resolve(path.dirname(file), originalSource ?? ''),
          originalLine,
        );
        assert.ok(
          written.includes(`function ${called.replace(/\d+$/, '')}`),
          `${called}: ${written}`,
        );
        found += 1;
      }
    }
    assert.ok(found > 10, `${found} functions`);
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
