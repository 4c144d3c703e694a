import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { readTargets } from '../../../top/modes/targets-file.js';
import { makeFolder } from '../../support/folder.js';

function targetsOf(t: TestContext, text: string): ReturnType<typeof readTargets> {
  return readTargets(path.join(makeFolder(t, { targets: text }), 'targets'));
}

test('a targets file has an address on a line, and comments', (t) => {
  const text = '# the shop\nweb-1:9191\n\n  /run/app.sock   # beside it\r\n@app#1\n';
  assert.deepEqual(targetsOf(t, text), {
    ok: true,
    value: ['web-1:9191', '/run/app.sock', '@app#1'],
  });
});

test('it may be a list in YAML, by itself or under its name', (t) => {
  const value = ['web-1:9191', '/run/app.sock', '@app#1', ':9191'];
  const list = `- web-1:9191  # the shop\n- "/run/app.sock"\n- '@app#1'\n-   :9191\n`;
  assert.deepEqual(targetsOf(t, list), { ok: true, value });
  const named = `---\ntargets:\n${list.replace(/^/gm, '  ')}`;
  assert.deepEqual(targetsOf(t, named), { ok: true, value });
});

const WRONG = [
  [':9191\nnonsense\n', /line 2: "nonsense" is neither host:port/],
  ['- :9191\n- "nonsense"\n', /line 2: "nonsense" is neither host:port/],
  ['servers:\n- :9191\n', /line 1: "servers:"/],
  ['# nobody\n', /names no server: write one on a line/],
  [':9191\n'.repeat(201), /names 201 servers, 200 are watched at most/],
] as const;

for (const [text, message] of WRONG) {
  test(`a targets file is refused that begins ${JSON.stringify(text.slice(0, 16))}`, (t) => {
    const read = targetsOf(t, text);
    assert.match(read.ok ? '' : read.error, message);
  });
}

test('a targets file that is not there is named', () => {
  const read = readTargets('/nowhere/targets');
  assert.match(read.ok ? '' : read.error, /--targets \/nowhere\/targets cannot be read: ENOENT/);
});
