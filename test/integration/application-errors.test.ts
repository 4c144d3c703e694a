import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { startApplication } from '../support/application-process.js';
import { bindTcp } from '../support/inherited-socket.js';

const REMEDY =
  'export a (req, res) function, an Express, Koa or Fastify application, an http.Server ' +
  'or an object with fetch(request), or call listen()';

interface Case {
  readonly title: string;
  readonly name: string;
  readonly source: string;
  readonly exportName?: string;
  readonly bootMs?: number;
  readonly bare?: boolean;
  /** What is expected; `FILE` stands for the file's path. */
  readonly error: string;
}

const CASES: readonly Case[] = [
  {
    title: 'a module that exports nothing and waits for nothing',
    name: 'empty.mjs',
    source: 'console.log("hello");',
    error: `FILE exports nothing that can be served: ${REMEDY}`,
  },
  {
    title: 'the same where nothing else keeps the process alive',
    name: 'empty.cjs',
    source: '',
    bare: true,
    error: `FILE exports nothing that can be served: ${REMEDY}`,
  },
  {
    title: 'a configuration object',
    name: 'object.cjs',
    source: 'module.exports = { port: 3000 };',
    error: `FILE exports nothing (its "default" is an object without fetch()) that can be served: ${REMEDY}`,
  },
  {
    title: 'a factory, which is not called',
    name: 'factory.mjs',
    source: 'export default async function build() { throw new Error("was called"); }',
    error:
      'FILE exports nothing (its "default" is a function without parameters: ' +
      `call it and export what it returns) that can be served: ${REMEDY}`,
  },
  {
    title: 'a class',
    name: 'class.mjs',
    source: 'export default class App { constructor(req, res) {} }',
    error: `FILE exports nothing (its "default" is a class: export an instance) that can be served: ${REMEDY}`,
  },
  {
    title: 'an application under another name',
    name: 'other-name.mjs',
    source: 'export const web = (req, res) => res.end();',
    error: `FILE exports nothing that can be served: ${REMEDY}; or name its export: --module FILE:web`,
  },
  {
    title: 'a named export that is not there',
    name: 'names.mjs',
    source: 'export const app = (req, res) => res.end(); export const port = 1;',
    exportName: 'web',
    error: 'FILE has no export "web", it exports app, port: write --module FILE:NAME',
  },
  {
    title: 'a named export that cannot be served',
    name: 'port.mjs',
    source: 'export const port = 1;',
    exportName: 'port',
    error: `FILE: the export "port" is a number: ${REMEDY}`,
  },
  {
    title: 'a server of node:http2',
    name: 'http2.mjs',
    source: 'import http2 from "node:http2"; export default http2.createServer();',
    error:
      'FILE exports nothing (its "default" is a node:http2 server, which is not supported) ' +
      `that can be served: ${REMEDY}`,
  },
  {
    title: 'a program that listens with node:http2 only',
    name: 'listens-http2.mjs',
    source: 'import http2 from "node:http2"; http2.createServer().listen(0, "127.0.0.1");',
    bootMs: 600,
    error:
      `FILE exports nothing that can be served: ${REMEDY}, and it has not called listen() in time` +
      '; it listens with node:http2, which is not taken over: use node:http or node:https',
  },
  {
    title: 'a program that is still busy when its time is up',
    name: 'busy.mjs',
    source: 'setInterval(() => {}, 1000);',
    bootMs: 600,
    error: `FILE exports nothing that can be served: ${REMEDY}, and it has not called listen() in time`,
  },
  {
    title: 'a top-level await that never ends',
    name: 'never.mjs',
    source: 'await new Promise(() => {}); export default (req, res) => res.end();',
    bootMs: 600,
    error:
      'cannot load FILE: it has not finished loading: ' +
      'look for a top-level await that never ends, or allow it more with --boot-timeout',
  },
  {
    title: 'a module that throws, with its own stack only',
    name: 'throws.mjs',
    source: 'function connect() {\n  throw new Error("no database");\n}\nconnect();',
    error:
      'cannot load FILE: correct what it says below\nError: no database\n' +
      '    at connect (file://FILE:2:9)\n    at file://FILE:4:1',
  },
  {
    title: 'a CommonJS module that throws, with the cause',
    name: 'throws.cjs',
    source: 'throw new Error("no database", { cause: new TypeError("no host") });',
    error:
      'cannot load FILE: correct what it says below\nError: no database\n' +
      '    at Object.<anonymous> (FILE:1:7)\ncaused by TypeError: no host\n' +
      '    at Object.<anonymous> (FILE:1:41)',
  },
  {
    title: 'something thrown that is no error',
    name: 'throws-text.mjs',
    source: 'throw "no database";',
    error: "cannot load FILE: correct what it says below\nthrown: 'no database'",
  },
  {
    title: 'a module that throws right after listen()',
    name: 'listens-and-throws.mjs',
    source:
      'import http from "node:http";\nhttp.createServer().listen(3000);\nthrow new Error("no routes");',
    error: 'cannot load FILE: correct what it says below\nError: no routes\n    at file://FILE:3:7',
  },
  {
    title: 'a syntax error, with its place',
    name: 'syntax.mjs',
    source: 'export default 1;\nconst a = ;\n',
    error:
      'cannot load FILE: correct what it says below\nFILE:2\nconst a = ;\n          ^\n' +
      "SyntaxError: Unexpected token ';'",
  },
  {
    title: 'a syntax error in CommonJS',
    name: 'syntax.cjs',
    source: 'const a = ;\n',
    error:
      'cannot load FILE: correct what it says below\nFILE:1\nconst a = ;\n          ^\n\n' +
      "SyntaxError: Unexpected token ';'",
  },
  {
    title: 'a package that is not installed',
    name: 'package.mjs',
    source: 'import "no-such-package-of-cats";',
    error:
      'cannot load FILE: install it: npm install no-such-package-of-cats\n' +
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'no-such-package-of-cats' imported from FILE",
  },
  {
    title: 'a promise that rejects',
    name: 'promise.cjs',
    source: 'module.exports = Promise.reject(new Error("no database"));',
    error:
      'cannot load FILE: correct what it says below\nError: no database\n' +
      '    at Object.<anonymous> (FILE:1:33)',
  },
  {
    title: 'TypeScript',
    name: 'app.tsx',
    source: 'export default (req, res) => res.end();',
    error:
      'cannot load FILE: TypeScript is not compiled here: ' +
      'compile it and name the JavaScript file, or have it compiled: npm install tsx, and --import tsx',
  },
  {
    title: 'a file that is no module',
    name: 'app.py',
    source: '',
    error: 'cannot load FILE: Unknown file extension ".py" for FILE: a module is .js, .mjs or .cjs',
  },
];

for (const { title, name, source, error, ...order } of CASES) {
  test(`one error tells of ${title}`, async (t) => {
    const file = path.join(temporaryFolder(t), name);
    fs.writeFileSync(file, source);
    assert.equal(await errorOf(t, { file, ...order }), error.replaceAll('FILE', file));
  });
}

test('a missing file is named, and a similar one is offered', async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'app');
  assert.equal(
    await errorOf(t, { file }),
    `cannot load ${file}: there is no such file: name an existing one with --module FILE[:export]`,
  );
  fs.writeFileSync(`${file}.mjs`, '');
  assert.equal(
    await errorOf(t, { file }),
    `cannot load ${file}: there is no such file: use ${file}.mjs`,
  );
  assert.equal(
    await errorOf(t, { file: folder }),
    `cannot load ${folder}: it is a folder: name its file, such as ${folder}/index.js`,
  );
});

test('a Fastify plugin that fails is the error', async (t) => {
  const file = path.join(import.meta.dirname, '../../../test/fixtures/apps/fastify-fails.mjs');
  assert.equal(
    (await errorOf(t, { file }))?.split('\n').slice(0, 2).join('\n'),
    `cannot load ${path.resolve(file)}: Fastify is not ready\nError: no database`,
  );
});

test('an object with fetch() needs its adapter, which is named when it is absent', async (t) => {
  const file = path.join(temporaryFolder(t), 'fetch.mjs');
  fs.writeFileSync(
    file,
    `import { register } from 'node:module';
     register('data:text/javascript,' + encodeURIComponent(\`
       export const resolve = (name, context, next) => {
         if (!name.startsWith('@hono/')) return next(name, context);
         throw Object.assign(new Error('no ' + name), { code: 'ERR_MODULE_NOT_FOUND' });
       };\`));
     export default { fetch: () => new Response('') };`,
  );
  assert.equal(
    await errorOf(t, { file }),
    `${file} exports an object with fetch(), which needs the package "@hono/node-server": ` +
      'install it: npm install @hono/node-server',
  );
});

function temporaryFolder(t: TestContext): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'tsuwsgi-')));
  t.after(() => {
    fs.rmSync(folder, { recursive: true });
  });
  return folder;
}

async function errorOf(
  t: TestContext,
  order: Parameters<typeof startApplication>[0],
): Promise<string | undefined> {
  const socket = bindTcp();
  t.after(socket.close);
  const app = await startApplication(order, socket);
  t.after(app.stop);
  return app.report.error;
}
