import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatsDocument } from '../../shared/stats.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { get, startLoad } from '../support/http.js';
import { CATSERVE, startServer } from '../support/server.js';

const app = ['--module', CATSERVE, '--disable-logging', '--min-worker-lifetime', '0'];

function isReplaced(before: StatsDocument): (stats: StatsDocument) => boolean {
  return ({ workers }) =>
    workers.every(({ id, pid, accepting }) => {
      const old = before.workers.find((worker) => worker.id === id);
      return accepting === 1 && pid !== old?.pid;
    });
}

test('--max-requests replaces workers under load without one failed request', async (t) => {
  const args = ['-p', '2', '--max-requests', '40', '--max-requests-delta', '15'];
  const server = startServer(t, [...app, ...args]);
  const before = await server.ready();
  const load = startLoad(await server.url('/health'), 4, false);
  const kept = startLoad(await server.url('/health'), 2, true);
  await server.until('both workers recycled', isReplaced(before));
  await server.until('a second round', ({ workers }) =>
    workers.every(({ respawn_count }) => respawn_count >= 3),
  );
  const results = [await load.stop(), await kept.stop()];
  assert.deepEqual(
    results.flatMap(({ failures }) => failures),
    [],
  );
  const answered = results.reduce((sum, result) => sum + result.answered, 0);
  const after = await server.until('exact counts', ({ workers }) => {
    return workers.reduce((sum, { requests }) => sum + requests, 0) === answered;
  });
  assert.equal(after.generation, 0, 'no reload of all was made');
  assert.match(
    server.output,
    /^worker 1 \(pid: \d+\) has answered \d+ requests \(max-requests 40\): replacing it$/m,
  );
  assert.match(server.output, /^worker 2 .*\(max-requests 55\): replacing it$/m);
  await server.logged(
    /^\.\.\.The work of process (\d+) is done\. Seeya!\nworker \d killed successfully \(pid: \1\)$/m,
  );
  const { workers } = await server.until('the exits', (stats) =>
    stats.workers.every(({ last_exit }) => last_exit !== null),
  );
  assert.deepEqual(
    workers.map(({ last_exit }) => last_exit?.reason),
    ['max-requests', 'max-requests'],
  );
  assert.doesNotMatch(server.output, /DAMN/);
});

test('--max-worker-lifetime replaces one worker after the other', async (t) => {
  const server = startServer(t, [...app, '-p', '2', '--max-worker-lifetime', '2']);
  const before = await server.ready();
  await server.until('both workers recycled', isReplaced(before));
  await server.logged(/^worker 1 lifetime reached, it was running for \d+ second\(s\)$/m);
  await server.logged(/^worker 2 lifetime reached/m);
});

for (const kind of ['rss', 'uss', 'pss'] as const) {
  test(`--reload-on-${kind} lets the request finish and replaces the worker`, async (t) => {
    const server = startServer(t, [...app, '-p', '1', `--reload-on-${kind}`, '250']);
    const before = await server.ready();
    assert.equal((await get(await server.url('/leak?mb=256'))).status, 200);
    const during = get(await server.url('/slow?s=2'));
    await server.until('the recycle', isReplaced(before));
    assert.equal((await during).status, 200);
    await server.logged(new RegExp(`uses \\d+ bytes of ${kind} \\(reload-on-${kind} 250 MB\\)`));
    const after = await server.until('the exit', ({ workers: [worker] }) => {
      return worker!.last_exit !== null;
    });
    assert.equal(after.workers[0]!.last_exit?.reason, kind);
  });
}

test('--memory-budget replaces the worker that took most of it, and only that one', async (t) => {
  const args = ['-p', '2', '--memory-budget', '300', '--min-worker-lifetime', '1'];
  const server = startServer(t, ['--module', CATSERVE, '--disable-logging', ...args]);
  const before = await server.ready();
  // What each takes at first is known when it is a second old.
  await server.until('an age of some seconds', ({ time, workers }) =>
    workers.every(({ ready_at, pss }) => time - ready_at >= 4 && pss !== null),
  );
  assert.equal((await get(await server.url('/leak?mb=256'))).status, 200);
  await server.logged(/together \(memory-budget 300 MB\): replacing worker \d \(pid: \d+\)/);
  const after = await server.until('the exit', ({ workers }) =>
    workers.some(({ last_exit }) => last_exit?.reason === 'memory-budget'),
  );
  const kept = after.workers.filter(({ pid }) => before.workers.some((old) => old.pid === pid));
  assert.equal(kept.length, 1);
});

test('--reload-on-heap replaces a worker whose JavaScript heap grows', async (t) => {
  const cwd = makeFolder(t, {
    'app.mjs': `const kept = [];
      export default (req, res) => {
        if (req.url === '/grow') for (let i = 0; i < 400_000; i++) kept.push({ i, text: 'cat ' + i });
        res.end();
      };\n`,
  });
  const args = ['--module', 'app.mjs', '-L', '--min-worker-lifetime', '0'];
  const server = startServer(t, [...args, '--reload-on-heap', '60'], { cwd });
  const before = await server.ready();
  for (let i = 0; i < 4; i++) await get(await server.url('/grow'));
  await server.until('the recycle', isReplaced(before));
  const after = await server.until('the exit', (stats) => stats.workers[0]!.last_exit !== null);
  assert.equal(after.workers[0]!.last_exit?.reason, 'heap');
});

test('--evil-reload-on-rss kills at once', async (t) => {
  const server = startServer(t, [...app, '-p', '1', '--evil-reload-on-rss', '300']);
  const before = await server.ready();
  const cut = assert.rejects(get(await server.url('/slow?s=50')));
  // It may be killed before it has answered this one.
  await get(await server.url('/leak?mb=256')).catch(() => undefined);
  await cut;
  const after = await server.until('the respawn', isReplaced(before));
  const { pid } = before.workers[0]!;
  await server.logged(
    new RegExp(`^\\*\\*\\* EVIL RELOAD ON WORKER 1 RSS: \\d+ \\(pid: ${pid}\\) \\*\\*\\*$`, 'm'),
  );
  const { reason, signal } = after.workers[0]!.last_exit!;
  assert.deepEqual([reason, signal], ['evil-rss', 'SIGKILL']);
});

test('a lifetime below the least lifetime is refused, as by uWSGI', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '--max-worker-lifetime', '5']);
  assert.equal(await server.exited(), 1);
  assert.match(
    server.output,
    /invalid min-worker-lifetime value \(10\), must be lower than max-worker-lifetime \(5\)/,
  );
});

test('a worker that is recycled while clients come and go is never missed', async (t) => {
  const server = startServer(t, [...app, '-p', '1', '--max-requests', '20']);
  await server.ready();
  const load = startLoad(await server.url('/health'), 3, false);
  await eventually('three recycles', async () => (await server.worker(1)).respawn_count >= 4);
  assert.deepEqual((await load.stop()).failures, []);
});
