import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get, startLoad } from '../support/http.js';
import { CATSERVE, startServer } from '../support/server.js';

const app = ['--module', CATSERVE, '--disable-logging'];

test('SIGTTOU takes a worker away and SIGTTIN brings it back, without a lost request', async (t) => {
  const server = startServer(t, [...app, '-p', '2']);
  await server.ready();
  const load = startLoad(await server.url('/health'), 2, false);
  await eventually('answers', () => load.answered() > 20);
  server.kill('SIGTTOU');
  const fewer = await server.until(
    'a cheap worker',
    ({ workers }) => workers.filter(({ status }) => status === 'cheap').length === 1,
  );
  const cheap = fewer.workers.find(({ status }) => status === 'cheap');
  assert.deepEqual([cheap?.pid, cheap?.accepting, cheap?.state], [0, 0, 'cheap']);
  assert.equal(cheap?.last_exit?.reason, 'cheap');
  assert.match(server.output, /^worker \d killed successfully \(pid: \d+\)$/m);
  assert.match(server.output, /^tsuwsgi worker \d cheaped\.$/m);
  server.kill('SIGTTOU');
  await server.logged(/^no worker was taken away: 1 is the least$/m);
  server.kill('SIGTTIN');
  await server.ready();
  const { failures } = await load.stop();
  assert.deepEqual(failures, []);
});

for (const socket of ['tcp', 'unix'] as const) {
  test(`SIGTSTP pauses a ${socket} socket: clients wait, over a respawn too, until it resumes`, async (t) => {
    const file = path.join(makeFolder(t, {}), 'p.sock');
    const where = socket === 'unix' ? ['--http-socket', file] : [];
    const server = startServer(t, [...app, '-p', '2', ...where]);
    const { workers } = await server.ready();
    const url = socket === 'unix' ? { socketPath: file } : { port: await server.port() };
    const slow = ask({ ...url, path: '/slow?s=2' });
    await server.until('a request in flight', (stats) => stats.in_flight === 1);
    server.kill('SIGTSTP');
    await server.logged(/\*\*\* paused: the workers accept nothing/);
    assert.equal(await slow, 200, 'a request in flight finishes');
    process.kill(workers[0]!.pid, 'SIGKILL');
    await server.until(
      'two paused workers',
      (stats) =>
        stats.workers.every(({ status, state }) => status === 'pause' && state === 'ready') &&
        stats.workers[0]!.respawn_count === 2,
    );
    let answered = 0;
    const clients = Array.from({ length: 10 }, async () => {
      const status = await ask({ ...url, path: '/health' });
      answered++;
      return status;
    });
    await server.until('clients in the queue', (stats) => stats.listen_queue >= 10);
    server.kill('SIGHUP');
    await server.logged(/reload finished, 2\/2/);
    assert.equal(answered, 0, 'neither old nor new workers accept');
    const paused = await server.stats();
    assert.ok(paused.workers.every(({ accepting }) => accepting === 0));
    server.kill('SIGCONT');
    assert.deepEqual(await Promise.all(clients), Array(10).fill(200));
    await server.until('workers that accept', (stats) =>
      stats.workers.every(({ status, accepting }) => status === 'idle' && accepting === 1),
    );
    // Once more, in the same processes.
    server.kill('SIGTSTP');
    await server.until('the second pause', (stats) => stats.workers[0]!.accepting === 0);
    const last = ask({ ...url, path: '/health' });
    await server.until('a client in the queue', (stats) => stats.listen_queue === 1);
    server.kill('SIGTSTP');
    assert.equal(await last, 200);
  });
}

test('SIGUSR1 logs the totals of every worker, and opens no inspector', async (t) => {
  const server = startServer(t, [...app, '-p', '2']);
  await server.ready();
  for (let i = 0; i < 3; i++) await get(await server.url('/health'));
  await server.until(
    'all counted',
    ({ workers }) => workers.reduce((sum, { requests }) => sum + requests, 0) === 3,
  );
  server.kill('SIGUSR1');
  await server.logged(
    /^\*\*\* statistics: 3 requests by 2 of 2 workers, 0 in the listen queue \*\*\*$/m,
  );
  for (const id of [1, 2]) {
    await server.logged(
      new RegExp(
        `^worker ${id} \\(pid: \\d+\\) is ready: \\d requests?, 0 exceptions, 0 harakiri, 0 respawns, rss \\d+ bytes$`,
        'm',
      ),
    );
  }
  assert.doesNotMatch(server.output, /Debugger listening/);
});

test('with --cheaper workers are added under load and taken away after it', async (t) => {
  const server = startServer(t, [
    ...app,
    ...['-p', '3', '--cheaper', '1', '--cheaper-overload', '1', '--async', '1'],
  ]);
  const start = await server.until('one worker', ({ workers }) => workers[0]!.accepting === 1);
  assert.deepEqual(
    start.workers.map(({ status }) => status),
    ['idle', 'cheap', 'cheap'],
  );
  const load = startLoad(await server.url('/slow?s=0.2'), 6, false);
  await server.until('three workers', ({ workers }) =>
    workers.every(({ accepting }) => accepting === 1),
  );
  const { failures } = await load.stop();
  assert.deepEqual(failures, []);
  await server.until(
    'one worker again',
    ({ workers }) => workers.filter(({ status }) => status === 'cheap').length === 2,
  );
});

test('--cheaper that is not less than --processes is refused with the remedy', async (t) => {
  const server = startServer(t, [...app, '-p', '2', '--cheaper', '2']);
  assert.equal(await server.exited(), 1);
  assert.match(server.output, /--cheaper 2: it must be less than --processes, which is 2/);
});

test('a crash loop is seen in the stats: its state, the next attempt, the last lines of stderr', async (t) => {
  const file = application(t, 'throw.mjs', [
    "console.error('looking for the database');",
    "setTimeout(() => { throw new Error('no database'); }, 1);",
    'await new Promise(() => undefined);',
  ]);
  const server = startServer(t, ['--module', file, '-p', '1']);
  const { workers, time } = await server.until(
    'a wait',
    (stats) => stats.workers[0]!.state === 'backoff',
  );
  const [worker] = workers;
  assert.equal(worker!.pid, 0);
  const wait = worker!.next_spawn_at - time;
  assert.ok(wait > 0 && wait <= 5, `${wait} s`);
  const text = worker!.last_exit?.stderr.join('\n') ?? '';
  assert.match(text, /^looking for the database$/m);
  assert.match(text, /Error: no database\n {4}at /);
});

test('the last lines of a worker that is killed are kept too', async (t) => {
  const file = application(t, 'says.mjs', [
    "for (let line = 1; line <= 30; line++) console.error('line', line);",
    'export default (req, res) => res.end();',
  ]);
  const server = startServer(t, ['--module', file, '-p', '1']);
  const { workers } = await server.ready();
  process.kill(workers[0]!.pid, 'SIGKILL');
  const after = await server.until('its end', (stats) => stats.workers[0]!.last_exit !== null);
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 11}`);
  assert.deepEqual(after.workers[0]!.last_exit?.stderr, lines);
});

test('with --need-app a boot is given up with 22 when a worker dies while it loads', async (t) => {
  const file = application(t, 'exits.mjs', ['process.exit(3);']);
  const server = startServer(t, ['--module', file, '-p', '3', '--need-app']);
  assert.equal(await server.exited(), 22);
  assert.match(server.output, /worker \d \(pid: \d+\) died before it was ready, exit code 3/);
  assert.match(server.output, /need-app requested, destroying the instance/);
});

/** One GET on a connection of its own; the status of its answer. */
async function ask(where: http.RequestOptions): Promise<number> {
  const request = http.get({ ...where, agent: false });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode ?? 0;
}

function application(t: TestContext, name: string, lines: readonly string[]): string {
  return path.join(makeFolder(t, { [name]: lines.join('\n') }), name);
}
