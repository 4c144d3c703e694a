import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get, hold } from '../support/http.js';
import { CATSERVE, ROOT, startServer, type TestServer } from '../support/server.js';

const TOP = path.join(ROOT, 'dist/top/main.js');

/** Runs `tsuwsgitop` to its end. */
async function top(
  directory: string,
  ...args: readonly string[]
): Promise<{ code: unknown; out: string; err: string }> {
  const child = spawn(process.execPath, [TOP, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_RUNTIME_DIR: directory },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, out, err };
}

async function traceback(server: TestServer, ...worker: readonly string[]) {
  return top(server.directory, `127.0.0.1:${await server.statsPort()}`, '--traceback', ...worker);
}

/** Waits until a worker says that its loop stands still; its id. */
async function stalled(server: TestServer): Promise<string> {
  const { workers } = await server.until('a blocked worker', (stats) =>
    stats.workers.some(({ stalled_ms }) => stalled_ms > 0),
  );
  return String(workers.find(({ stalled_ms }) => stalled_ms > 0)?.id);
}

test('a blocked worker tells the function that blocks it, and goes on', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '-p', '2', '--disable-logging']);
  await server.ready();
  const blocked = get(await server.url('/block?s=8'));
  const id = await stalled(server);
  const { code, out, err } = await traceback(server, id);
  assert.equal(code, 0, err);
  assert.match(
    out,
    new RegExp(`^worker ${id} \\(pid \\d+\\): JavaScript, innermost function first\\n`),
  );
  assert.match(out, /\n {2}at block \(\S*catserve\/trouble\.js:\d+:\d+\)\n {2}at catserve \(/);

  // Whoever is asked in the moment of a timer tells of that.
  await eventually('the other one between two timers', async () => {
    const all = await traceback(server);
    assert.equal(all.code, 0, all.err);
    assert.match(all.out, /at block \(/);
    return /worker \d \(pid \d+\): idle, no JavaScript is running\n/.test(all.out);
  });
  assert.equal((await blocked).status, 200, 'its request is answered');
  assert.doesNotMatch(server.output, /DAMN|Respawned/);
});

test('an idle worker is not disturbed', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '--disable-logging']);
  await server.ready();
  // Whoever is asked in the moment of a timer tells of that.
  await eventually('a moment between two timers', async () => {
    const { code, out, err } = await traceback(server);
    assert.deepEqual([code, err], [0, '']);
    return /^worker 1 \(pid \d+\): idle, no JavaScript is running\n$/.test(out);
  });
  assert.equal((await get(await server.url('/'))).status, 200);
});

test('a worker in native code says so', async (t) => {
  const app = `
    import { execSync } from 'node:child_process';
    export default (request, response) => {
      if (request.url === '/native') execSync('sleep 30');
      response.end();
    };`;
  const module = path.join(makeFolder(t, { 'app.mjs': app }), 'app.mjs');
  const server = startServer(t, ['--module', module, '--disable-logging']);
  await server.ready();
  const client = await hold(await server.port(), 'GET /native HTTP/1.1\r\nHost: a\r\n\r\n');
  t.after(() => client.destroy());
  const { code, out, err } = await traceback(server, await stalled(server));
  assert.equal(code, 0, err);
  assert.match(
    out,
    /^worker 1 \(pid \d+\): in native code, which has no JavaScript stack to take\n$/,
  );
  const { workers } = await server.stats();
  process.kill(workers[0]?.pid ?? 0, 'SIGKILL');
  await eventually('it to be replaced', async () => (await server.stats()).workers[0]?.accepting);
});

test('what cannot be told ends with code 1 and says why', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '--stats-read-only', '--disable-logging']);
  await server.ready();
  const refused = await traceback(server, '1');
  assert.deepEqual([refused.code, refused.out], [1, '']);
  assert.match(refused.err, /^tsuwsgitop: .*(read-only|switched off)/);
  const address = `127.0.0.1:${await server.statsPort()}`;
  const many = await top(server.directory, address, '--traceback', 'one');
  assert.equal(many.code, 1);
  assert.match(many.err, /"one" is not the number of a worker/);

  const other = startServer(t, ['--module', CATSERVE, '--disable-logging']);
  await other.ready();
  const absent = await traceback(other, '9');
  assert.deepEqual([absent.code, absent.err], [1, 'tsuwsgitop: there is no worker 9\n']);
  const keyless = await top(
    makeFolder(t, {}),
    `127.0.0.1:${await other.statsPort()}`,
    '--traceback',
  );
  assert.equal(keyless.code, 1);
  assert.match(keyless.err, /^tsuwsgitop: there is no key /);
});
