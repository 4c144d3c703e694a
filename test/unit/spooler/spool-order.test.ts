import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { orderOf } from '../../../server/spooler/spool-order.js';
import type { SpoolOptions } from '../../../server/spooler/spool-options.js';
import { spool } from '../../../server/spooler/spool.js';
import { task } from '../../../server/spooler/tasks.js';

const order = (options: SpoolOptions = {}, payload: unknown = null) =>
  orderOf('resize', payload, options, 1000);

test('a task that is spooled without a word is due at once, and run four times at most', () => {
  assert.deepEqual(order({}, { cat: 1 }), {
    ...{ name: 'resize', payload: '{"cat":1}', body: null, at: null, priority: 5 },
    ...{ retries: 3, backoff: 1000, timeout: null, dedupeKey: null },
  });
});

test('when a task is due is a Date, milliseconds, or a time from now on', () => {
  assert.equal(order({ at: new Date(5000) }).at, 5000);
  assert.equal(order({ at: 5000.5 }).at, 5001);
  assert.equal(order({ delay: 20 }).at, 1020);
  assert.equal(order({ delay: 0 }).at, null);
  assert.throws(() => order({ at: 1, delay: 1 }), /at and delay both say when/);
  assert.throws(() => order({ at: new Date('soon') }), /at is Invalid Date: give a Date/);
  assert.throws(() => order({ delay: -1 }), /delay is -1: give milliseconds/);
});

test('a body is bytes or a stream', () => {
  const stream = Readable.from(['x']);
  assert.equal(order({ body: stream }).body, stream);
  assert.deepEqual(order({ body: new Uint8Array([1, 2]) }).body, Buffer.from([1, 2]));
  const wrong = { body: 'text' } as unknown as SpoolOptions;
  assert.throws(() => order(wrong), /the body is a string: give a Buffer or a Readable/);
});

test('what is no task is refused with what is wrong', () => {
  assert.throws(() => order({}, () => 1), /the payload is a function: give what JSON can carry/);
  assert.throws(() => orderOf('', null, {}, 0), /the name of the task is empty/);
  assert.throws(() => orderOf('a\u001b[2J', null, {}, 0), /has control characters/);
  assert.throws(() => orderOf('x'.repeat(201), null, {}, 0), /at most 200 characters/);
  const wrong = { dedupeKey: 7 } as unknown as SpoolOptions;
  assert.throws(() => order(wrong), /dedupeKey is a number: give a text/);
});

test('without a queue spool() says how to get one', async () => {
  await assert.rejects(spool('resize'), /there is no queue here: run tsuwsgi with --spooler DIR/);
});

test('a name stands for one task', () => {
  task('only', () => undefined);
  assert.throws(() => {
    task('only', () => undefined);
  }, /there is a task of this name already/);
  assert.throws(() => {
    task('other', 7 as unknown as () => void);
  }, /what it runs is a number: give a function/);
});
