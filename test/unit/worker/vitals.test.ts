import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELD } from '../../../server/worker/memory.js';
import { watchDelays, watchVitals } from '../../../server/worker/vitals.js';

test('a beat is as late as it comes more than 100 ms after the last', () => {
  const delays = watchDelays();
  for (const now of [1000, 1100, 1200.24, 1350.24]) delays.beat(now);
  assert.deepEqual(delays.take(), { mean: 16.7, max: 50 });
  assert.deepEqual(delays.take(), { mean: 0, max: 0 }, 'nothing came since');
  delays.beat(1400);
  assert.deepEqual(delays.take(), { mean: 0, max: 0 }, 'an early beat is not late');
});

test('the heap and the delays are written once a second', () => {
  const fields = new Float64Array(32);
  const look = watchVitals(fields);
  look(0);
  const used = fields[FIELD.heap] ?? 0;
  const [total = 0, limit = 0] = [fields[FIELD.heapTotal], fields[FIELD.heapLimit]];
  assert.ok(used > 1e6 && used <= total && total <= limit, [used, total, limit].join());
  look(300);
  assert.equal(fields[FIELD.loopDelayMax], 0, 'the second is not over');
  for (let now = 400; now <= 1000; now += 100) look(now);
  assert.equal(fields[FIELD.loopDelayMax], 200);
  assert.equal(fields[FIELD.loopDelay], 25);
});
