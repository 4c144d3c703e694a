import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { get } from '../support/http.js';
import { ask, growing, prometheusSkip, promtool, samples } from '../support/metrics-text.js';
import { CATSERVE, startServer, type TestServer } from '../support/server.js';

const app = ['--module', CATSERVE, '--disable-logging'];

async function scrape(server: TestServer): Promise<string> {
  const { status, body } = await ask(server, '/metrics');
  assert.equal(status, 200);
  return body;
}

/** Sends requests, two of which fail, and waits until all are counted. */
async function traffic(server: TestServer, before = 0): Promise<void> {
  for (let count = 0; count < 8; count++) await get(await server.url('/health'));
  for (let count = 0; count < 2; count++) await get(await server.url('/throw'));
  await server.until('all requests counted', ({ workers }) => {
    return workers.reduce((sum, { requests }) => sum + requests, 0) === before + 10;
  });
}

test('a real scrape passes promtool without a complaint', { skip: prometheusSkip }, async (t) => {
  const server = startServer(t, [...app, '-p', '2', '--async', '4']);
  await server.ready();
  await traffic(server);
  // Some gauges are known from the second measurement on.
  const text = await eventually('the CPU of a worker', async () => {
    const body = await scrape(server);
    return body.includes('tsuwsgi_worker_cpu_ratio{') && body;
  });
  assert.deepEqual(promtool(['check', 'metrics'], text), { code: 0, output: '' });
  const bad = promtool(['check', 'metrics'], `${text}# TYPE cats counter\ncats 1\n`);
  assert.notEqual(bad.code, 0, 'promtool does look');
});

test('the metrics tell what the document tells', async (t) => {
  const server = startServer(t, [...app, '-p', '2']);
  await server.ready();
  await traffic(server);
  const values = samples(await scrape(server));
  const sum = (name: string): number =>
    [...values].reduce((all, [series, value]) => all + (series.startsWith(name) ? value : 0), 0);
  assert.equal(values.get('uwsgi_up'), 1);
  assert.equal(values.get('uwsgi_workers'), 2);
  assert.equal(values.get('tsuwsgi_workers_accepting'), 2);
  assert.equal(values.get('tsuwsgi_workers{state="ready"}'), 2);
  assert.equal(sum('uwsgi_worker_requests_total{'), 10);
  assert.equal(sum('uwsgi_worker_core_requests_total{'), 10);
  assert.equal(sum('uwsgi_worker_exceptions_total{'), 2);
  assert.equal(values.get('tsuwsgi_request_duration_seconds_count'), 10);
  assert.equal(values.get('tsuwsgi_request_duration_seconds_bucket{le="+Inf"}'), 10);
  assert.ok(sum('uwsgi_worker_running_time_seconds{') > 0);
  const running = sum('uwsgi_worker_running_time_seconds{');
  const total = values.get('tsuwsgi_request_duration_seconds_sum') ?? 0;
  assert.ok(Math.abs(running - total) < 1e-6, `${running} and ${total}`);
});

test('no counter goes back when workers die', async (t) => {
  const server = startServer(t, [...app, '-p', '2']);
  await server.ready();
  await traffic(server);
  const before = await server.stats();
  const earlier = growing(await scrape(server));
  assert.ok(earlier.length > 60);
  for (const { pid } of before.workers) process.kill(pid, 'SIGKILL');
  await server.until('two other processes', ({ workers }) =>
    workers.every(
      // Its collections are known from its first look at itself on.
      ({ pid, accepting, gc }, at) =>
        accepting === 1 && gc !== null && pid !== before.workers[at]?.pid,
    ),
  );
  const check = async (): Promise<void> => {
    const later = samples(await scrape(server));
    for (const [series, value] of earlier) {
      const now = later.get(series) ?? -1;
      assert.ok(now >= value, `${series}: ${now} after ${value}`);
    }
  };
  await check();
  await traffic(server, 10);
  await check();
});

test('the format is the one that was asked for, and HEAD tells its length alone', async (t) => {
  const server = startServer(t, [...app, '-p', '1']);
  await server.ready();
  const plain = await ask(server, '/metrics');
  assert.equal(plain.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(plain.headers['cache-control'], 'no-store');
  const headers = { Accept: 'application/openmetrics-text; version=1.0.0, */*;q=0.1' };
  const open = await ask(server, '/metrics', { headers });
  assert.match(open.headers['content-type'] ?? '', /^application\/openmetrics-text; version=1/);
  assert.ok(open.body.endsWith('# EOF\n'));
  const head = await ask(server, '/metrics', { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.body, '');
  assert.ok(Number(head.headers['content-length']) > 1000);
  assert.equal((await ask(server, '/metrics', { method: 'POST' })).status, 405);
});
