import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModule } from '../../../server/worker/application/load.js';

test('--module is a file, or a file and an export after the last colon', () => {
  const cases: readonly [string, string, string?][] = [
    ['app.js', 'app.js'],
    [' app.js ', 'app.js'],
    ['app.js:app', 'app.js', 'app'],
    ['./a:b/app.js', './a:b/app.js'],
    ['./a:b/app.js:web', './a:b/app.js', 'web'],
    ['catserve:cats:app', 'catserve:cats', 'app'],
  ];
  for (const [text, file, exportName] of cases) {
    const value = exportName === undefined ? { file } : { file, exportName };
    assert.deepEqual(parseModule(text), { ok: true, value }, text);
  }
});

test('an empty part is named, with what to write', () => {
  assert.deepEqual(parseModule(''), {
    ok: false,
    error: '--module is empty: write --module FILE or --module FILE:export',
  });
  assert.deepEqual(parseModule('app.js:'), {
    ok: false,
    error: '--module "app.js:" names no export after the colon: write FILE or FILE:export',
  });
  assert.deepEqual(parseModule(':app'), {
    ok: false,
    error: '--module ":app" names no file before the colon: write FILE or FILE:export',
  });
});
