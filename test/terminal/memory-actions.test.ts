import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { isEnabled } from '../support/key-bar.js';
import { openPty, type Pty } from '../support/pty.js';
import { APPS, startServer, type TestServer } from '../support/server.js';

/** What `M` does to the memory of a worker of a real server, from the memory view. */

const TOP = fileURLToPath(new URL('../../top/main.js', import.meta.url));

interface Scene {
  readonly server: TestServer;
  readonly top: Pty;
  /** Of the server: where it puts what it writes. */
  readonly folder: string;
}

/** The memory view of a server with two workers that hold something, worker 1 marked. */
async function open(
  t: TestContext,
  { args = [], held = 1000 }: { readonly args?: readonly string[]; readonly held?: number } = {},
): Promise<Scene | undefined> {
  const folder = path.join(makeFolder(t, {}), 'snapshots');
  const module = path.join(APPS, 'holds-much.mjs');
  const words = ['--module', module, '-L', '-p', '2', '--snapshot-dir', folder, ...args];
  const server = startServer(t, words, { env: { HELD: String(held) } });
  await server.ready();
  await server.until('the heap is known', ({ workers }) =>
    workers.every(({ heap_total }) => heap_total > 0),
  );
  const top = await openPty(t, {
    args: [TOP, `127.0.0.1:${await server.statsPort()}`, '-d', '0.2', '--view', 'memory'],
    ...{ width: 120, height: 40 },
    env: { XDG_RUNTIME_DIR: server.directory },
  });
  if (!top) return undefined;
  await top.until((screen) => screen.includes('● live'), 'the live mark');
  return { server, top, folder };
}

async function operable(top: Pty): Promise<void> {
  top.press('home');
  await top.until((screen) => /^▶ +\d /m.test(screen), 'the mark');
  await top.until(() => isEnabled(top, 'M'), 'the right to control');
}

/** Opens the menu, chooses and leaves the question open. */
async function asked(top: Pty, downs: number, question: RegExp): Promise<void> {
  top.press('M');
  await top.until((screen) => /The heap of worker \d/.test(screen), 'the menu');
  top.press(...Array<string>(downs).fill('down'), 'enter');
  await top.until((screen) => question.test(screen), 'the question');
  assert.match(top.screen(), /\[ Cancel \]/, 'the default');
}

test('M collects the garbage of the marked worker after a question, and tells what it gave back', async (t) => {
  const scene = await open(t);
  if (!scene) return;
  const { server, top } = scene;
  for (let round = 0; round < 5; round++) await get(await server.url('/waste'));
  await operable(top);
  await asked(top, 0, /Collect the garbage of worker \d/);
  top.press('enter');
  await top.until((screen) => !screen.includes('Collect the garbage'), 'that it is cancelled');
  assert.doesNotMatch(server.output, /audit: gc/);
  await asked(top, 0, /Collect the garbage of worker \d/);
  top.press('right', 'enter');
  await top.until(
    (screen) => /heap [\d.]+M before, [\d.]+M after/.test(screen),
    'the heap before and after',
  );
  assert.match(server.output, /^audit: gc \d \(pid \d+\) by .*: done: worker \d/m);
});

test('a heap snapshot shows how far it is, and then the name of its file', async (t) => {
  const scene = await open(t, { held: 60_000 });
  if (!scene) return;
  const { top, folder } = scene;
  await operable(top);
  await asked(top, 1, /Heap snapshot of worker \d/);
  assert.match(top.screen(), /the worker is blocked for/);
  top.press('right', 'enter');
  await top.until(
    (screen) => /worker \d \(pid \d+\): (\d+ % of the heap is visited|.* are written)/.test(screen),
    'progress',
  );
  await top.until((screen) => screen.includes('.heapsnapshot'), 'the file in full', 60_000);
  const [file = ''] = readdirSync(folder);
  assert.match(file, /^heap-worker-\d-pid-\d+-.*\.heapsnapshot$/);
  const told = top.rows().map((row) => /│ (.*?) *│/.exec(row)?.[1] ?? '');
  assert.ok(told.join('').replaceAll(' ', '').includes(path.join(folder, file)), top.screen());
});

test('a heap profile ends in a list of who allocates', async (t) => {
  const scene = await open(t);
  if (!scene) return;
  const { server, top, folder } = scene;
  await operable(top);
  await asked(top, 2, /Heap profile of worker \d, 10 s/);
  top.press('escape');
  await top.until((screen) => !screen.includes('Heap profile of'), 'that it is closed');
  top.press(':', ...Array.from('heap-profile 1 1s'), 'enter');
  await top.until((screen) => screen.includes('Heap profile of worker 1, 1 s'), 'the question');
  top.press('right', 'enter');
  await server.until('the profile is taken', () => server.output.includes('heap-profile 1'));
  await get(await server.url('/waste'));
  await top.until((screen) => screen.includes('Who allocates in worker 1'), 'the list', 30_000);
  const [file = ''] = readdirSync(folder);
  assert.match(file, /\.heapprofile$/);
  top.press('escape');
  await top.until((screen) => !screen.includes('Who allocates'), 'the view again');
});

test('two snapshots of a worker are compared, and the classes that grew are shown', async (t) => {
  const scene = await open(t);
  if (!scene) return;
  const { server, top, folder } = scene;
  await operable(top);
  for (const count of [1, 2]) {
    top.press(':', ...Array.from('heap-snapshot 1'), 'enter');
    await top.until((screen) => screen.includes('Heap snapshot of worker 1'), 'the question');
    top.press('right', 'enter');
    const done = new RegExp(`(audit: heap-snapshot 1 .*: done[^]*){${count}}`);
    await server.until('the snapshot is written', () => done.test(server.output));
    assert.equal(readdirSync(folder).length, count);
    await top.until((screen) => screen.includes('.heapsnapshot'), 'the file in full');
    top.press('escape');
    await top.until((screen) => !screen.includes('Esc closes'), 'the view again');
  }
  top.press(':', ...Array.from('compare-snapshots 1'), 'enter');
  await top.until((screen) => screen.includes('Compare two snapshots of worker 1'), 'the question');
  assert.match(top.screen(), /\[ Cancel \]/, 'the default');
  top.press('right', 'enter');
  await top.until((screen) => screen.includes('What grew in worker 1'), 'the list', 30_000);
  assert.match(top.screen(), /COUNT BEFORE +AFTER +DELTA[^]* all objects/);
  top.press('escape');
  await top.until((screen) => !screen.includes('What grew in'), 'the view again');
});

test('who may only read is told why M does nothing, and nothing is done', async (t) => {
  const scene = await open(t, { args: ['--stats-read-only'] });
  if (!scene) return;
  const { server, top, folder } = scene;
  top.press('home');
  await top.until((screen) => /^▶ +\d /m.test(screen), 'the mark');
  assert.ok(!isEnabled(top, 'M'));
  top.press('M');
  await top.until((screen) => screen.includes('--stats-read-only'), 'the reason');
  assert.doesNotMatch(top.screen(), /The heap of worker/);
  assert.doesNotMatch(server.output, /audit: (gc|heap)/);
  assert.throws(() => readdirSync(folder), 'no folder was made');
});
