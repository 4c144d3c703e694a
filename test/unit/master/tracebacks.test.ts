import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTracebacks } from '../../../server/master/tracebacks.js';

/** A master that notes what it asks. */
function asking(answerMs = 60_000) {
  const sent: { pid: number; id: number }[] = [];
  const tracebacks = createTracebacks((pid, id) => {
    sent.push({ pid, id });
  }, answerMs);
  return { sent, tracebacks };
}

test('a stack is told as lines, innermost function first', async () => {
  const { sent, tracebacks } = asking();
  const outcome = tracebacks.ask(2, 77);
  assert.deepEqual(sent, [{ pid: 77, id: 1 }]);
  const stack = ['spin (/app.js:3:5)', 'handler (/app.js:9:1)'];
  tracebacks.answer(77, { type: 'traceback', id: 1, kind: 'javascript', stack });
  assert.deepEqual(await outcome, {
    ok: true,
    code: 'done',
    message:
      'worker 2 (pid 77): JavaScript, innermost function first\n' +
      '  at spin (/app.js:3:5)\n  at handler (/app.js:9:1)',
  });
});

test('an idle worker and native code are told in words', async () => {
  const { tracebacks } = asking();
  const first = tracebacks.ask(1, 5);
  const second = tracebacks.ask(1, 5);
  tracebacks.answer(5, { type: 'traceback', id: 2, kind: 'native', stack: [] });
  tracebacks.answer(5, { type: 'traceback', id: 1, kind: 'idle', stack: [] });
  assert.match((await first).message, /^worker 1 \(pid 5\): idle, no JavaScript is running$/);
  assert.match((await second).message, /in native code/);
});

test('only the process that was asked can answer', async () => {
  const { tracebacks } = asking();
  const outcome = tracebacks.ask(1, 5);
  tracebacks.answer(6, { type: 'traceback', id: 1, kind: 'native', stack: [] });
  tracebacks.answer(5, { type: 'traceback', id: 9, kind: 'native', stack: [] });
  tracebacks.answer(5, { type: 'traceback', id: 1, kind: 'idle', stack: [] });
  assert.match((await outcome).message, /idle/);
});

test('a process that ends, or does not answer in time, is told as a failure', async () => {
  const { tracebacks } = asking();
  const ended = tracebacks.ask(1, 5);
  const other = tracebacks.ask(2, 6);
  tracebacks.gone(5);
  assert.deepEqual(await ended, {
    ok: false,
    code: 'failed',
    message: 'worker 1 (pid 5): the process ended before it answered',
  });
  tracebacks.gone(6);
  assert.equal((await other).ok, false);
  const silent = asking(1);
  assert.match((await silent.tracebacks.ask(3, 7)).message, /no answer within 0\.001 s/);
});
