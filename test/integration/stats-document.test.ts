import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get } from '../support/http.js';
import { rawRequest, statusOf } from '../support/raw-request.js';
import { CATSERVE, readAll, startServer } from '../support/server.js';

test('the stats tell of heap, memory, loop, latency and refusals of a real worker', async (t) => {
  const server = startServer(t, ['--module', CATSERVE]);
  await server.ready();
  const url = await server.url();
  for (let request = 0; request < 5; request++) await get(url);
  const twoHosts = 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n';
  assert.equal(statusOf(await rawRequest(await server.port(), twoHosts)), 400);

  const stats = await server.until('everything to be measured', ({ workers: [worker] }) =>
    Boolean(
      worker &&
      worker.pss !== null &&
      worker.heap_used > 0 &&
      worker.recent_latency.count >= 5 &&
      worker.requests >= 6 &&
      worker.refused['duplicate_host'] === 1,
    ),
  );
  const [worker] = stats.workers;
  assert.ok(worker);
  const { uss, pss, rss, heap_used: used, heap_total: total, heap_limit: limit } = worker;
  assert.ok(uss !== null && pss !== null && uss > 1e6 && uss <= pss && pss <= 2 * rss);
  assert.ok(used > 1e6 && used <= total && total <= limit, [used, total, limit].join());
  assert.ok(worker.loop_delay_ms <= worker.loop_delay_max_ms);
  const { p50_us: p50, p95_us: p95, p99_us: p99 } = worker.recent_latency;
  assert.ok(p50 !== null && p95 !== null && p99 !== null && p50 <= p95 && p95 <= p99);
  assert.deepEqual(stats.recent_latency, worker.recent_latency, 'there is one worker');
  assert.equal(worker.requests, 6, 'a refused request is one of them');
});

test('the stats are laid out as uWSGI does it, or in one line when that is asked for', async (t) => {
  const [indented, minified] = await Promise.all(
    [[], ['--stats-min']].map(async (options) => {
      const server = startServer(t, ['--module', CATSERVE, ...options]);
      return readAll(await server.statsPort());
    }),
  );
  assert.match(indented ?? '', /^\{\n\t"version": /);
  assert.match(minified ?? '', /^\{"version":/);
  assert.equal(minified?.includes('\n'), false);
});

test('secrets of a request in flight are hidden, and more when that is asked for', async (t) => {
  const target = '/slow?s=60&token=purr&ticket=miaow';
  const varsWith = async (...options: string[]): Promise<readonly string[] | undefined> => {
    const server = startServer(t, ['--module', CATSERVE, ...options]);
    await server.ready();
    const aborted = new AbortController();
    t.after(() => {
      aborted.abort();
    });
    fetch(await server.url(target), { signal: aborted.signal }).catch(() => undefined);
    const { workers } = await server.until(
      'the request in flight',
      (stats) => stats.in_flight === 1,
    );
    aborted.abort();
    return workers[0]?.cores?.[0]?.vars;
  };
  const [usual, more, none, noCores] = await Promise.all([
    varsWith(),
    varsWith('--stats-redact', 'ticket', '--stats-no-metrics'),
    varsWith('--stats-no-vars'),
    varsWith('--stats-no-cores'),
  ]);
  assert.ok(usual?.includes('REQUEST_URI=/slow?s=60&token=***&ticket=miaow'), usual?.join());
  assert.ok(more?.includes('REQUEST_URI=/slow?s=60&token=***&ticket=***'), more?.join());
  assert.deepEqual(none, []);
  assert.equal(noCores, undefined);
});
