import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTraceback } from '../../../server/wire/harakiri-frames.js';
import { createMainStack } from '../../../server/worker/main-stack.js';
import { allocateMemory, FIELD } from '../../../server/worker/memory.js';
import { bounded, interruptMain, isMainRunning, STACK } from '../../../server/worker/stack.js';

test('a stack is cut so that it fits a frame and a message', () => {
  const short = ['a (/x.js:1:1)', 'b (/x.js:2:1)'];
  assert.deepEqual(bounded(short), short);
  assert.equal(bounded(Array.from({ length: 80 }, () => 'f (/x.js:1:1)')).length, STACK.frames);
  const long = bounded(Array.from({ length: 50 }, () => 'f'.repeat(STACK.frame)));
  assert.ok(long.join('\n').length <= STACK.total);
  assert.ok(long.length > 20);
  assert.ok(decodeTraceback({ type: 'traceback', id: 1, kind: 'javascript', stack: long }));
});

test('a thread that runs this very line is running', () => {
  assert.equal(isMainRunning(), true);
});

test('where the main thread cannot be interrupted, it is said to be in native code', async () => {
  // Here, since a thread cannot interrupt itself.
  await assert.rejects(interruptMain(), /not a worker/i);
  const memory = allocateMemory(1);
  memory.fields[FIELD.heartbeat] = 5000;
  assert.deepEqual(await createMainStack(memory, () => 9000)(), { kind: 'native' });
});
