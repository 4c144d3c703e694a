import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { startServer, type TestServer } from '../support/server.js';

function start(test: Parameters<typeof startServer>[0], cwd: string, module: string): TestServer {
  return startServer(test, ['--module', module, '-L', '-p', '1', '--auto-reload'], { cwd });
}

/** Writes a file once the master knows the graph, and waits for the answer that it leads to. */
async function edit(
  server: TestServer,
  change: { file: string; text: string; answer: string },
): Promise<void> {
  const { generation } = await server.stats();
  writeFileSync(change.file, change.text);
  await server.until('the reload', (stats) => stats.generation > generation);
  assert.equal((await get(await server.url())).body, change.answer);
}

test('--auto-reload follows the imports of ES modules, also into CommonJS', async (t) => {
  const cwd = makeFolder(t, {
    'app.mjs': "import { name } from './cat.mjs';\nexport default (_q, r) => r.end(name);\n",
    'cat.mjs':
      "import { createRequire } from 'node:module';\nexport const { name } = createRequire(import.meta.url)('./name.cjs');\n",
    'name.cjs': "exports.name = 'Tom';\n",
  });
  const server = start(t, cwd, 'app.mjs');
  await server.ready();
  assert.equal((await get(await server.url())).body, 'Tom');
  const file = path.join(cwd, 'name.cjs');
  await edit(server, { file, text: "exports.name = 'Felix';\n", answer: 'Felix' });
  assert.match(server.output, /^\*\*\* .*name\.cjs has been modified \*\*\*$/m);
  const cat = path.join(cwd, 'cat.mjs');
  await edit(server, { file: cat, text: "export const name = 'Minka';\n", answer: 'Minka' });
});

test('--auto-reload follows the requires of CommonJS', async (t) => {
  const cwd = makeFolder(t, {
    'app.cjs': "const { name } = require('./cat.cjs');\nmodule.exports = (_q, r) => r.end(name);\n",
    'cat.cjs': "exports.name = 'Tom';\n",
  });
  const server = start(t, cwd, 'app.cjs');
  await server.ready();
  const file = path.join(cwd, 'cat.cjs');
  await edit(server, { file, text: "exports.name = 'Felix';\n", answer: 'Felix' });
});

test('a file that breaks the application is known, so that mending it is enough', async (t) => {
  const cwd = makeFolder(t, { 'app.mjs': "export default (_q, r) => r.end('old');\n" });
  const server = start(t, cwd, 'app.mjs');
  await server.ready();
  const broken = path.join(cwd, 'broken.cjs');
  writeFileSync(broken, 'this is no module\n');
  writeFileSync(
    path.join(cwd, 'app.mjs'),
    "import cat from './broken.cjs';\nexport default (_q, r) => r.end(cat);\n",
  );
  await server.until('the abandoned reload', (stats) => stats.reload.state === 'abandoned');
  assert.equal((await get(await server.url())).body, 'old');
  await edit(server, { file: broken, text: "module.exports = 'mended';\n", answer: 'mended' });
});
