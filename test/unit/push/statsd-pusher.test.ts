import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePushTarget } from '../../../server/options/stats-push.js';
import type { Pusher, PushSource } from '../../../server/push/pusher.js';
import { statsdPusher } from '../../../server/push/statsd-pusher.js';
import type { StatsDocument } from '../../../shared/stats.js';
import { eventually } from '../../support/eventually.js';
import { instance, worker } from '../../support/stats-builder.js';
import { statsdServer } from '../../support/udp-server.js';

function pusherTo(where: string, log: string[]): Pusher {
  const target = parsePushTarget(`statsd:${where}`);
  assert.ok(target.ok && target.value.kind === 'statsd');
  return statsdPusher(target.value, (line) => log.push(line));
}

function source(requests: number, role: ReturnType<PushSource['role']> = 'leads'): PushSource {
  const own = (): StatsDocument => instance([worker(1, { requests })]);
  return { own, document: () => assert.fail('counts of other masters'), role: () => role };
}

test('a statsd server adds the deltas up to the total', async () => {
  await using server = await statsdServer();
  const log: string[] = [];
  const pusher = pusherTo(`127.0.0.1:${server.port},cats`, log);
  for (const requests of [5, 5, 12]) await pusher.push(source(requests));
  await eventually('twelve', () => server.counters.get('cats.worker.1.requests') === 12);
  assert.ok((server.gauges.get('cats.worker.1.rss_size') ?? 0) > 0);
  pusher.close();
  assert.deepEqual(log, []);
});

test('a server that is not there costs one log line, and learns everything when it comes', async () => {
  const gone = await statsdServer();
  await gone[Symbol.asyncDispose]();
  const log: string[] = [];
  const pusher = pusherTo(`127.0.0.1:${gone.port},cats`, log);
  // The kernel tells of a datagram that nobody took when it likes, at the latest at the next one.
  let requests = 0;
  await eventually('the complaint', async () => {
    await pusher.push(source(++requests));
    return log.length > 0;
  });
  for (let count = 0; count < 5; count++) await pusher.push(source(++requests));
  assert.equal(log.length, 1);
  assert.match(log[0] ?? '', /^stats push statsd:127\.0\.0\.1:\d+,cats: .*ECONNREFUSED.*; it is/);
  await using server = await statsdServer(gone.port);
  await eventually('all requests', async () => {
    await pusher.push(source(requests));
    return server.counters.get('cats.worker.1.requests') === requests;
  });
  await pusher.push(source(requests + 1));
  await eventually('one more', () => {
    return server.counters.get('cats.worker.1.requests') === requests + 1;
  });
  pusher.close();
  assert.equal(log.length, 2);
  assert.match(log[1] ?? '', /it works again$/);
});

test('a name that is not known costs one log line', async () => {
  const log: string[] = [];
  const pusher = pusherTo('nowhere.invalid:8125', log);
  for (const requests of [1, 2, 3]) await pusher.push(source(requests));
  pusher.close();
  assert.equal(log.length, 1);
  assert.match(log[0] ?? '', /nowhere\.invalid/);
});

test('nothing is pushed while another master serves, and no gauge once one does', async () => {
  await using server = await statsdServer();
  const pusher = pusherTo(`127.0.0.1:${server.port},cats`, []);
  await pusher.push(source(3, 'waits'));
  await pusher.push(source(4, 'leaves'));
  await eventually('four', () => server.counters.get('cats.worker.1.requests') === 4);
  assert.equal(server.gauges.size, 0);
  pusher.close();
});
