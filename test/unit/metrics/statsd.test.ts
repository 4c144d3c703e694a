import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  DATAGRAM_BYTES,
  datagrams,
  NOTHING_TOLD,
  tell,
  type Told,
} from '../../../server/metrics/statsd/lines.js';
import type { StatsDocument } from '../../../shared/stats.js';
import { instance, latencyOf, worker } from '../../support/stats-builder.js';

const options = { prefix: 'cats', withGauges: true };

function lines(document: StatsDocument, told = NOTHING_TOLD, withGauges = true): string[] {
  return datagrams(document, told, { ...options, withGauges }).flatMap(({ text }) =>
    text.split('\n'),
  );
}

function told(document: StatsDocument, before = NOTHING_TOLD): Told {
  return tell(before, datagrams(document, before, options), document);
}

describe('what a statsd server is told', () => {
  test('first everything since the master started, then what was added', () => {
    const first = instance([worker(1, { requests: 7, tx: 100 })]);
    assert.ok(lines(first).includes('cats.worker.1.requests:7|c'));
    const second = instance([worker(1, { requests: 9, tx: 100 })]);
    const later = lines(second, told(first));
    assert.ok(later.includes('cats.worker.1.requests:2|c'));
    assert.ok(!later.some((line) => line.startsWith('cats.worker.1.total_tx')), 'nothing new');
    assert.ok(later.includes(`cats.worker.1.rss_size:${second.workers[0]!.rss}|g`));
  });

  test('uWSGI names and units', () => {
    const change = { avg_rt: 1500, running_time: 2_000_000, respawn_count: 2, exceptions: 3 };
    const all = lines(
      instance([worker(1, change), worker(2, { status: 'busy', running_time: 1, avg_rt: 500 })]),
    );
    for (const line of [
      'cats.worker.1.avg_response_time:1500|g',
      'cats.worker.1.running_time:2000000|c',
      'cats.worker.1.respawns:2|c',
      'cats.worker.1.failed_requests:3|c',
      'cats.core.total_running_time:2000001|c',
      'cats.core.avg_response_time:1000|g',
      'cats.core.busy_workers:1|g',
      'cats.core.idle_workers:1|g',
      'cats.socket.0.listen_queue:0|g',
    ]) {
      assert.ok(all.includes(line), `${line} in\n${all.join('\n')}`);
    }
  });

  test('the latency of the requests since the last time', () => {
    const first = instance([worker(1, { latency: latencyOf(1, 1, 1) })]);
    const second = instance([worker(1, { latency: latencyOf(1, 1, 1, 100, 100) })]);
    const value = (line = ''): number => Number(/:([\d.]+)\|g$/.exec(line)?.[1]);
    const p50 = (all: string[]) => value(all.find((line) => line.includes('latency_p50')));
    assert.ok(Math.abs(p50(lines(first)) - 1000) < 125);
    assert.ok(Math.abs(p50(lines(second, told(first))) - 100_000) < 12_500);
    assert.ok(!lines(second, told(second)).some((line) => line.includes('latency')));
  });

  test('only what happened, by a master that leaves', () => {
    assert.ok(
      lines(instance([worker(1)]), NOTHING_TOLD, false).every((line) => line.endsWith('|c')),
    );
  });

  test('a counter that has less than before counts on from there', () => {
    const high = told(instance([worker(1, { requests: 10 })]));
    const reset = instance([worker(1, { requests: 4 })]);
    assert.ok(lines(reset, high).includes('cats.worker.1.requests:0|c'));
    const next = instance([worker(1, { requests: 6 })]);
    assert.ok(lines(next, told(reset, high)).includes('cats.worker.1.requests:2|c'));
  });

  test('in datagrams that fit, whole lines each', () => {
    const many = instance(Array.from({ length: 200 }, (_, at) => worker(at + 1)));
    const all = datagrams(many, NOTHING_TOLD, { ...options, prefix: 'p'.repeat(100) });
    assert.ok(all.length > 10);
    for (const { text } of all) {
      assert.ok(Buffer.byteLength(text) <= DATAGRAM_BYTES);
      for (const line of text.split('\n')) assert.match(line, /^p{100}\.[a-z0-9_.]+:[\d.]+\|[cg]$/);
    }
  });
});

test('the deltas of a counter add up to its total, whichever datagrams could not be sent', () => {
  const push = fc.record({
    added: fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }),
    arrives: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
  });
  fc.assert(
    fc.property(fc.array(push, { maxLength: 12 }), (pushes) => {
      const requests = [0, 0, 0];
      const received = new Map<string, number>();
      let known = NOTHING_TOLD;
      const send = (arrives: readonly boolean[]): void => {
        const workers = requests.map((count, at) => worker(at + 1, { requests: count }));
        const document = instance(workers);
        const long = { prefix: 'p'.repeat(100), withGauges: false };
        const sent = datagrams(document, known, long).filter((_, at) => arrives[at] ?? true);
        for (const line of sent.flatMap(({ text }) => text.split('\n'))) {
          const [, name = '', delta] = /^(.*):(.*)\|c$/.exec(line) ?? [];
          received.set(name, (received.get(name) ?? 0) + Number(delta));
        }
        known = tell(known, sent, document);
      };
      for (const { added, arrives } of pushes) {
        added.forEach((count, at) => (requests[at] = (requests[at] ?? 0) + count));
        send(arrives);
      }
      send([]);
      requests.forEach((count, at) => {
        const name = `${'p'.repeat(100)}.worker.${at + 1}.requests`;
        assert.equal(received.get(name) ?? 0, count);
      });
    }),
  );
});
