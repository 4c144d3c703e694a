import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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
  test(`the packed ${name} loads no further file of ours, and has its source map`, () => {
    const file = path.join(ROOT, `dist/${name}.packed.js`);
    const text = readFileSync(file, 'utf8');
    const imported = [...text.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)";$/gm)];
    assert.ok(imported.length > 3, 'imports are found');
    for (const [, what = ''] of imported)
      assert.match(what, /^(node:|commander$|undici$|pidusage$|ws$|blessed)/);
    assert.doesNotMatch(text, /\bimport\("\.{1,2}\//);
    const map = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { sources: string[] };
    assert.ok(
      map.sources.includes(`${'../'.repeat(name.split('/').length)}${name}.ts`),
      map.sources.join(),
    );
  });
}
