import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import ts from 'typescript';
import { connect, StatsError, type ConnectionState } from '../../server/index.js';
import { eventually } from '../support/eventually.js';
import { installPackage, linkDependency } from '../support/package.js';
import { freePort, startUwsgi, WITHOUT_UWSGI } from '../support/real-uwsgi.js';
import { CATSERVE, keyFiles, ROOT, startServer, type TestServer } from '../support/server.js';
import { smallDocument } from '../support/small-document.js';
import { startRig, temporaryFolder } from '../support/stats-rig.js';

/** The program that the page on programs shows. */
function example(): string {
  const page = readFileSync(path.join(ROOT, 'docs/program.md'), 'utf8');
  const found = /<!-- example of connect -->\n\n```js\n([^]*?)```/.exec(page);
  assert.ok(found?.[1] !== undefined, 'the page has an example of connect');
  return found[1];
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program of a folder to its end. */
async function run(
  folder: string,
  program: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ended> {
  const file = path.join(folder, 'program.mjs');
  writeFileSync(file, program);
  const child = spawn(process.execPath, [file], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** What the compiler has to say, in its strictest mode, about programs that use the package. */
function complaints(folder: string, programs: readonly string[]): string[][] {
  const files = programs.map((text, index) => {
    const file = path.join(folder, `program${index}.ts`);
    writeFileSync(file, text);
    return file;
  });
  const compiled = ts.createProgram(files, {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    typeRoots: [path.join(ROOT, 'node_modules', '@types')],
  });
  const judge = (file: ts.SourceFile): string[] =>
    [...compiled.getSyntacticDiagnostics(file), ...compiled.getSemanticDiagnostics(file)].map(
      ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
    );
  // Our declarations are judged with the programs; those of Node are not our affair.
  const own = compiled
    .getSourceFiles()
    .filter(({ fileName }) => fileName.includes('/node_modules/tsuwsgi/'));
  assert.ok(own.length > 5, 'the declarations are found');
  assert.deepEqual(own.flatMap(judge), []);
  return files.map((file) => {
    const source = compiled.getSourceFile(file);
    assert.ok(source !== undefined);
    return judge(source);
  });
}

const statsAddress = async (server: TestServer): Promise<string> =>
  `127.0.0.1:${await server.statsPort()}`;

describe('the package as it is published', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-package-'));
  before(() => {
    writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
    installPackage(folder);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  test('is imported from elsewhere, and needs its dependencies only to connect', async () => {
    const program = `
      import { connect, worker } from 'tsuwsgi';
      console.log(worker);
      console.log(await connect(':1').then(({ state }) => state.name, ({ code }) => code));
      process.exit();
    `;
    const without = await run(folder, program);
    assert.deepEqual(without, { code: 0, output: 'null\nERR_MODULE_NOT_FOUND\n' });
    linkDependency(folder, 'ws');
    assert.deepEqual(await run(folder, program), { code: 0, output: 'null\nconnecting\n' });
  });

  test('is compiled against: the example is right, and what is wrong is found', () => {
    const wrong = [
      'await connect(9191);',
      "await connect(':9191', { intervall: 5 });",
      "for await (const { instance } of await connect(':9191')) instance.workers;",
      "await (await connect(':9191')).command({ name: 'reload-worker', worker: 1 });",
    ].map((line) => `import { connect } from 'tsuwsgi';\n${line}`);
    const found = complaints(folder, [example(), ...wrong]);
    assert.deepEqual(found[0], []);
    assert.deepEqual(
      found.slice(1).map(({ length }) => length),
      [1, 1, 1, 1],
      JSON.stringify(found),
    );
  });

  test('runs the example of docs/program.md, which kills a blocked worker', async (t) => {
    const server = startServer(t, ['--module', CATSERVE, '-p', '2']);
    const old = (await server.ready()).workers.map(({ pid }) => pid);
    const program = example().replace(':9191', await statsAddress(server));
    assert.notEqual(program, example());
    const ended = run(folder, program, { ...process.env, XDG_RUNTIME_DIR: server.directory });
    const cut = fetch(await server.url('/block?s=60')).catch(() => 'cut');
    const { code, output } = await ended;
    assert.equal(code, 0, output);
    assert.match(
      output,
      /^the server is connected\nworker (\d) has been blocked for \d+ ms\nworker \1: pid \d+ killed/,
    );
    assert.equal(await cut, 'cut');
    const now = (await server.ready()).workers.map(({ pid }) => pid);
    assert.equal(now.filter((pid) => old.includes(pid)).length, 1);
  });
});

test('a real server is streamed from, and a reload has a reply and an outcome', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '-p', '2']);
  const address = await statsAddress(server);
  const [key = ''] = keyFiles(server.directory);
  const keyFile = path.join(server.directory, 'tsuwsgi', key);
  const connection = await connect(address, { interval: 100, keyFile });
  t.after(() => {
    connection.close();
  });
  await server.ready();
  for await (const { instance, transport } of connection) {
    if (transport === 'live' && instance?.generation === 0) break;
  }
  const { message, outcome } = await connection.command({ name: 'reload' });
  assert.notEqual(message, '');
  const { ok, code } = await outcome;
  assert.deepEqual([ok, code], [true, 'done']);
  for await (const { instance } of connection) if (instance?.generation === 1) break;
  assert.equal(connection.state.name, 'connected');
  const spawned = 0;
  await assert.rejects(
    connection.command({ name: 'reload-worker', worker: 1, pid: 1, spawned }),
    (error: unknown) => error instanceof StatsError && error.code === 'gone',
  );
});

test('one that only reads gets snapshots and sends no key', async (t) => {
  const rig = await startRig(t, { waitMs: 250 });
  const connection = await connect(rig.address, { role: 'read', interval: 100 });
  t.after(() => {
    connection.close();
  });
  for await (const { transport } of connection) if (transport === 'live') break;
  await assert.rejects(connection.command({ name: 'reload' }), {
    code: 'no-control',
    message: 'this connection only reads',
  });
  assert.deepEqual(rig.executed, []);
});

test('a server that goes and comes back is found again', async (t) => {
  const socket = path.join(temporaryFolder(t), 'stats.sock');
  const first = await startRig(t, { addresses: [socket], waitMs: 250 });
  const connection = await connect(socket, { interval: 100, role: 'read' });
  t.after(() => {
    connection.close();
  });
  const states: ConnectionState['name'][] = [];
  connection.onState(({ name }) => states.push(name));
  for await (const { transport } of connection) if (transport === 'live') break;
  await first.server.close();
  await eventually('the loss', () => states.includes('reconnecting'));
  const second = await startRig(t, { addresses: [socket], waitMs: 250 });
  second.show(smallDocument(5));
  for await (const { instance } of connection) if (instance?.workers.length === 5) break;
  assert.deepEqual(
    states.filter((name) => name !== 'stale'),
    ['connected', 'reconnecting', 'connected'],
  );
});

test('a loop that is slow gets the newest document, and the server keeps nothing for it', async (t) => {
  const rig = await startRig(t, { waitMs: 250 });
  const connection = await connect(`ws://${rig.address}`, { interval: 100, role: 'read' });
  t.after(() => {
    connection.close();
  });
  const loop = connection[Symbol.asyncIterator]();
  await loop.next();
  let documents = 0;
  connection.onEvent(({ type }) => (documents += type === 'document' ? 1 : 0));
  let time = 2000;
  const showing = setInterval(() => {
    rig.show(smallDocument(2, time++));
  }, 10);
  t.after(() => {
    clearInterval(showing);
  });
  await eventually('ten documents that nobody takes', () => documents >= 10);
  clearInterval(showing);
  rig.show(smallDocument(2, 9000));
  const seen = documents;
  await eventually('the last of them', () => documents >= seen + 2);
  assert.equal((await loop.next()).value?.instance?.time, 9000);
});

test('an address, an option or a signal that cannot be is refused at once', async () => {
  const code = async (address: string, options = {}): Promise<string> => {
    const error: unknown = await connect(address, options).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof StatsError);
    return `${error.code}: ${error.message}`;
  };
  assert.match(await code('nowhere'), /^bad-address: .*nowhere/);
  assert.match(await code(':9191', { interval: 5 }), /^bad-option: interval: 5 /);
  assert.match(await code(':9191', { role: 'admin' }), /^bad-option: role: "admin"/);
  assert.match(await code(':9191', { signal: AbortSignal.abort() }), /^aborted: /);
});

test('without reconnecting, a loop over a server that is not there throws', async (t) => {
  const socket = path.join(temporaryFolder(t), 'nothing.sock');
  const connection = await connect(socket, { reconnect: false });
  await assert.rejects(connection[Symbol.asyncIterator]().next(), {
    name: 'StatsError',
    code: 'unreachable',
    message: `there is no socket file ${socket}`,
  });
});

test(
  'a real uWSGI is polled, and steered where it is proven to be on this machine',
  { skip: WITHOUT_UWSGI },
  async () => {
    const port = await freePort();
    await using uwsgi = await startUwsgi(() => ['--stats', `127.0.0.1:${port}`]);
    assert.match(uwsgi.log(), /uWSGI/);
    await using connection = await connect(`127.0.0.1:${port}`, { interval: 100 });
    for await (const { instance, transport } of connection) {
      assert.equal(transport, 'raw');
      if (instance?.workers.every(({ pid }) => pid > 0)) break;
    }
    await assert.rejects(connection.command({ name: 'reload', how: 'chain' }), {
      code: 'not-configured',
      message: 'needs master-fifo in uWSGI, and --fifo PATH',
    });
    const { outcome } = await connection.command({ name: 'reload' });
    assert.equal((await outcome).ok, true);
  },
);
