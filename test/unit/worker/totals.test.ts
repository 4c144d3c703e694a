import assert from 'node:assert/strict';
import { test } from 'node:test';
import { totalsLine } from '../../../server/worker/totals.js';
import { sampleWith } from '../../support/sample-builder.js';

test('the totals of a worker are one line that names every count', () => {
  const sample = sampleWith({
    requests: 12_345,
    exceptions: 2,
    aborted: 3,
    inFlight: 1,
    upgraded: 4,
    tx: 1_048_576,
    runningTime: 2_540_000,
  });
  assert.equal(
    totalsLine(3, 4711, sample),
    'worker 3 (pid: 4711): 12,345 requests, 2 exceptions, 3 aborted, 1 in flight, ' +
      '4 upgraded connections, 1,048,576 bytes sent, 2.5 seconds running',
  );
});
