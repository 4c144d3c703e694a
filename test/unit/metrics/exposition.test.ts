import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { expose } from '../../../server/metrics/exposition.js';
import { sampleName } from '../../../server/metrics/metric.js';
import { MOST_CORES } from '../../../server/metrics/rows/parts.js';
import { METRICS } from '../../../server/metrics/table.js';
import { idleCore, instance, worker } from '../../support/stats-builder.js';

const app = { id: 0, modifier1: 0, startup_time: 1, requests: 3, exceptions: 1 };

/** A label value as a reader of the format takes it back. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([\\"n])/g, (_, mark: string) => (mark === 'n' ? '\n' : mark));
}

/** The value of one sample line; fails when there is not exactly one. */
function sample(text: string, start: string): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${start} `));
  assert.equal(lines.length, 1, `${start}: ${lines.join('; ')}`);
  return Number(lines[0]?.slice(start.length + 1));
}

describe('both texts', () => {
  test('tell counters, gauges and units of a worker', () => {
    const document = instance([
      worker(3, { requests: 12, tx: 2048, running_time: 1_500_000, stalled_ms: 2500, cpu: 50 }),
    ]);
    for (const format of ['text', 'openmetrics'] as const) {
      const text = expose(document, format);
      assert.equal(sample(text, 'uwsgi_worker_requests_total{worker_id="3"}'), 12);
      assert.equal(sample(text, 'uwsgi_worker_transmitted_bytes_total{worker_id="3"}'), 2048);
      assert.equal(sample(text, 'uwsgi_worker_running_time_seconds{worker_id="3"}'), 1.5);
      assert.equal(sample(text, 'tsuwsgi_worker_stalled_seconds{worker_id="3"}'), 2.5);
      assert.equal(sample(text, 'tsuwsgi_worker_cpu_ratio{worker_id="3"}'), 0.5);
    }
  });

  test('have no sample, and no head, for what is not known', () => {
    const text = expose(instance([worker(1, { cpu: null })]), 'text');
    assert.doesNotMatch(text, /tsuwsgi_worker_cpu_ratio/);
    assert.match(text, /tsuwsgi_master_cpu_ratio 0\.01/);
  });

  test('tell a socket that is bound twice once', () => {
    const socket = { name: ':80', proto: 'http', max_queue: 9, shared: 0, can_offload: 0 };
    const sockets = [
      { ...socket, queue: 1 },
      { ...socket, queue: 2 },
    ];
    const text = expose(instance([], { sockets }), 'text');
    assert.equal(sample(text, 'uwsgi_socket_queue_length{name=":80",proto="http"}'), 1);
  });

  test('tell of each core, unless there are so many that their series would crowd out the rest', () => {
    const withCores = (count: number): string => {
      const cores = Array.from({ length: count }, (_, id) => ({ ...idleCore(id), requests: id }));
      return expose(instance([worker(1, { cores })]), 'text');
    };
    const series = `uwsgi_worker_core_requests_total{worker_id="1",core_id="${MOST_CORES - 1}"}`;
    assert.equal(sample(withCores(MOST_CORES), series), MOST_CORES - 1);
    const crowded = withCores(MOST_CORES + 1);
    assert.doesNotMatch(crowded, /uwsgi_worker_core_/);
    assert.equal(sample(crowded, 'uwsgi_worker_cores{worker_id="1"}'), MOST_CORES + 1);
  });

  test('count the workers in each state', () => {
    const text = expose(
      instance([worker(1), worker(2, { state: 'backoff' }), worker(3, { state: 'backoff' })]),
      'text',
    );
    assert.equal(sample(text, 'tsuwsgi_workers{state="ready"}'), 1);
    assert.equal(sample(text, 'tsuwsgi_workers{state="backoff"}'), 2);
    assert.equal(sample(text, 'tsuwsgi_workers{state="dead"}'), 0);
  });

  test('escape any label value so that a reader gets it back, on one line', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\\"\n\ra]*$/)),
        (chdir) => {
          const document = instance([worker(1, { apps: [{ ...app, mountpoint: '', chdir }] })]);
          const text = expose(document, 'openmetrics');
          const found = /^uwsgi_worker_app_requests_total\{.*,chdir="((?:[^"\\\n]|\\.)*)"\} 3$/m;
          const written = text
            .split('\n')
            .map((line) => /^uwsgi_worker_app_requests_total.*,chdir="(.*)"\} 3$/s.exec(line)?.[1])
            .find((value) => value !== undefined);
          assert.equal(unescaped(written ?? '?'), chdir);
          assert.match(text, found);
        },
      ),
    );
  });
});

describe('the text 0.0.4', () => {
  test('names a counter family with its suffix, and an info as a gauge', () => {
    const text = expose(instance([worker(1)]), 'text');
    assert.match(text, /^# TYPE uwsgi_worker_requests_total counter$/m);
    assert.match(text, /^# TYPE tsuwsgi_build_info gauge$/m);
    assert.match(text, /^tsuwsgi_build_info\{version="0\.1\.0",node="v20\.20\.2"\} 1$/m);
    assert.doesNotMatch(text, /# UNIT|# EOF/);
    assert.ok(text.endsWith('\n'));
  });
});

describe('OpenMetrics', () => {
  const text = expose(instance([worker(1)]), 'openmetrics');

  test('names a counter family without the suffix, tells units, and ends with its mark', () => {
    assert.match(text, /^# TYPE uwsgi_worker_requests counter$/m);
    assert.match(text, /^# TYPE uwsgi_worker_transmitted_bytes counter$/m);
    assert.match(text, /^# UNIT uwsgi_worker_transmitted_bytes bytes$/m);
    assert.match(text, /^# TYPE tsuwsgi_build info$/m);
    assert.ok(text.endsWith('\n# EOF\n'));
    assert.equal(text.split('# EOF').length, 2);
  });

  test('has every sample under the family that was announced last', () => {
    let family = '';
    for (const line of text.split('\n').slice(0, -2)) {
      const head = /^# TYPE (\S+) /.exec(line);
      if (head) family = head[1] ?? '';
      const name = /^(# \w+ )?([a-z_]+)/.exec(line)?.[2] ?? '';
      assert.match(name, new RegExp(`^${family}(_total|_info|_bucket|_sum|_count)?$`), line);
    }
  });
});

describe('the table', () => {
  test('has each name once, in both formats', () => {
    for (const name of [(each: (typeof METRICS)[number]) => each.name, sampleName]) {
      assert.equal(new Set(METRICS.map(name)).size, METRICS.length);
    }
  });

  test('ends a name with its unit, tells what it is, and belongs to one of two families', () => {
    for (const { name, unit, help } of METRICS) {
      if (unit !== '') assert.ok(name.endsWith(`_${unit}`), name);
      assert.match(name, /^(ts)?uwsgi_[a-z_]+$/);
      assert.match(help, /^[^\n]+\.$/, name);
    }
  });
});
