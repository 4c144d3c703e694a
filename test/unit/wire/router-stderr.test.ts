import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STDERR_KEPT } from '../../../server/wire/frames.js';
import { decodeRouterFrame, encodeRouterFrame } from '../../../server/wire/router-frames.js';

test('a router tells the last lines that it wrote to stderr, and no more than are kept', () => {
  const frame = { type: 'stderr', lines: ['one', 'two'] } as const;
  assert.deepEqual(decodeRouterFrame(encodeRouterFrame(frame).trimEnd()), frame);
  const wild = { type: 'stderr', lines: Array.from({ length: STDERR_KEPT.lines + 1 }, () => 'x') };
  assert.equal(decodeRouterFrame(JSON.stringify(wild)), null);
});
