import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get } from '../support/http.js';
import { ask, samples } from '../support/metrics-text.js';
import { CATSERVE, readAll, startServer } from '../support/server.js';

/**
 * What the public uWSGI exporter (timonwong/uwsgi_exporter) reads from the raw document, with its
 * types, and the names that it makes of it. Its decoder gives up on a fraction where it wants an
 * integer.
 */

interface ListOf {
  readonly each: Shape;
}

type Shape = Readonly<Record<string, 'integer' | 'text' | 'texts' | ListOf>>;

const CORE: Shape = {
  ...integers('id requests static_requests routed_requests offloaded_requests'),
  ...integers('write_errors read_errors in_request'),
  vars: 'texts',
};

const APP: Shape = {
  ...integers('id modifier1 startup_time requests exceptions'),
  mountpoint: 'text',
  chdir: 'text',
};

const WORKER: Shape = {
  ...integers('id pid accepting requests delta_requests exceptions harakiri_count signals'),
  ...integers('signal_queue rss vsz running_time last_spawn respawn_count tx avg_rt'),
  status: 'text',
  apps: { each: APP },
  cores: { each: CORE },
};

const INSTANCE: Shape = {
  ...integers('listen_queue listen_queue_errors signal_queue load pid uid gid'),
  version: 'text',
  cwd: 'text',
  sockets: {
    each: { name: 'text', proto: 'text', ...integers('queue max_queue shared can_offload') },
  },
  workers: { each: WORKER },
};

/** The exporter's metrics that have a source in tsuwsgi, by their prefix. */
const NAMES: Readonly<Record<string, string>> = {
  uwsgi: 'up listen_queue_length listen_queue_errors signal_queue_length workers',
  uwsgi_socket: 'queue_length max_queue_length shared can_offload',
  uwsgi_worker:
    'accepting delta_requests signal_queue_length rss_bytes vsz_bytes running_time_seconds ' +
    'last_spawn_time_seconds average_response_time_seconds apps cores busy idle cheap ' +
    'requests_total exceptions_total harakiri_count_total signals_total respawn_count_total ' +
    'transmitted_bytes_total',
  uwsgi_worker_app: 'startup_time_seconds requests_total exceptions_total',
  uwsgi_worker_core:
    'busy requests_total static_requests_total routed_requests_total offloaded_requests_total ' +
    'write_errors_total read_errors_total',
};

function integers(names: string): Shape {
  return Object.fromEntries(names.split(' ').map((name) => [name, 'integer']));
}

/** Asserts that a value has everything of a shape; more is no harm. */
function assertShape(value: unknown, shape: Shape, where: string): void {
  for (const [key, kind] of Object.entries(shape)) {
    const found: unknown = Reflect.get(Object(value), key);
    const at = `${where}.${key}`;
    if (kind === 'integer') assert.ok(Number.isSafeInteger(found), `${at}: ${String(found)}`);
    else if (kind === 'text') assert.equal(typeof found, 'string', at);
    else if (kind === 'texts') {
      assert.ok(Array.isArray(found) && found.every((each) => typeof each === 'string'), at);
    } else {
      assert.ok(Array.isArray(found), at);
      const parts: readonly unknown[] = found;
      parts.forEach((part, index) => {
        assertShape(part, kind.each, `${at}[${index}]`);
      });
    }
  }
}

test('the raw document has what the public uWSGI exporter reads, busy, dead and idle', async (t) => {
  const args = ['--module', CATSERVE, '--disable-logging', '-p', '3', '--cheaper', '2'];
  const server = startServer(t, args);
  const started = await server.until('two workers', ({ workers }) => {
    return workers.filter(({ accepting }) => accepting === 1).length === 2;
  });
  for (let count = 0; count < 5; count++) await get(await server.url('/health'));
  await get(await server.url('/throw'));
  const slow = get(await server.url('/slow?s=3'));
  slow.catch(() => undefined);
  await server.until('the request in flight', (stats) => stats.in_flight === 1);
  const victim = started.workers.find(({ pid }) => pid > 0)?.pid ?? 0;
  process.kill(victim, 'SIGKILL');
  const seen = new Set<string>();
  await server.until('the respawn', ({ workers }) => {
    return workers.some(({ respawn_count: spawns, accepting }) => spawns === 2 && accepting === 1);
  });
  const raw: unknown = JSON.parse(await readAll(await server.statsPort()));
  assertShape(raw, INSTANCE, 'document');
  for (const { status } of (raw as typeof started).workers) seen.add(status);
  assert.ok([...seen].every((status) => /^(busy|idle|cheap|pause|sig\d+)$/.test(status)));
  assert.ok(seen.has('cheap'));
  await slow.catch(() => undefined);
});

test('/metrics has the names and labels that the public uWSGI exporter makes of it', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '--disable-logging', '-p', '1']);
  await server.ready();
  await get(await server.url('/health'));
  const series = [...samples((await ask(server, '/metrics')).body).keys()];
  const labels: Readonly<Record<string, string>> = {
    uwsgi: '',
    uwsgi_socket: 'name,proto',
    uwsgi_worker: 'worker_id',
    uwsgi_worker_app: 'worker_id,app_id,mountpoint,chdir',
    uwsgi_worker_core: 'worker_id,core_id',
  };
  for (const [prefix, names] of Object.entries(NAMES)) {
    for (const name of names.split(' ')) {
      const found = series.find((each) => each.split('{')[0] === `${prefix}_${name}`);
      assert.ok(found !== undefined, `${prefix}_${name}`);
      const keys = [...found.matchAll(/[{,](\w+)="/g)].map(([, key]) => key);
      assert.equal(keys.join(','), labels[prefix], found);
    }
  }
});
