import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQueueAsks, type QueueAsks } from '../../../server/master/queue-asks.js';
import type { AskFrame } from '../../../server/wire/queue-asks.js';

interface Rig {
  readonly asks: QueueAsks;
  readonly sent: (AskFrame & { readonly pid: number })[];
  /** What is to be done later. */
  readonly timers: Set<() => void>;
}

/** Two queues, of which the second has no spooler. */
function rig(): Rig {
  const sent: (AskFrame & { readonly pid: number })[] = [];
  const timers = new Set<() => void>();
  const asks = createQueueAsks({
    folders: ['/cats', '/dogs'],
    worksFor: (queue) => (queue === 0 ? 7 : undefined),
    send: (pid, order) => sent.push({ pid, ...order }),
    later(_, run) {
      timers.add(run);
      return () => timers.delete(run);
    },
  });
  return { asks, sent, timers };
}

test('a spooler of the queue is asked, and its answer is the outcome', async () => {
  const { asks, sent, timers } = rig();
  const drop = asks.ask({ name: 'spooler-drop', queue: '/cats', task: 'a1' });
  const pause = asks.ask({ name: 'spooler-pause', queue: '/cats' });
  assert.deepEqual([drop.accepted, drop.message], [true, 'asking a spooler of /cats (pid 7)']);
  assert.deepEqual(sent, [
    { pid: 7, type: 'ask', ask: 1, act: 'drop', task: 'a1' },
    { pid: 7, type: 'ask', ask: 2, act: 'pause', task: null },
  ]);
  asks.answer({ type: 'answer', ask: 2, ok: true, message: 'paused' });
  asks.answer({ type: 'answer', ask: 1, ok: false, message: 'it runs' });
  asks.answer({ type: 'answer', ask: 9, ok: true, message: 'nobody asked' });
  assert.deepEqual(await pause.outcome, { ok: true, code: 'done', message: 'paused' });
  assert.deepEqual(await drop.outcome, { ok: false, code: 'failed', message: 'it runs' });
  assert.equal(timers.size, 0);
});

test('a queue that is not there, or that nobody works for, is refused with a remedy', () => {
  const { asks } = rig();
  const none = asks.ask({ name: 'spooler-tasks', queue: '/birds' });
  assert.deepEqual([none.accepted, none.code], [false, 'not-configured']);
  assert.match(none.message, /one of \/cats, \/dogs/);
  const idle = asks.ask({ name: 'spooler-tasks', queue: '/dogs' });
  assert.deepEqual([idle.accepted, idle.code], [false, 'gone']);
  assert.match(idle.message, /no spooler of \/dogs works now: try again, or use tsuwsgi spool/);
});

test('a spooler that ends or is silent before it answers fails the command', async () => {
  const { asks, timers } = rig();
  const first = asks.ask({ name: 'spooler-pause', queue: '/cats' });
  asks.gone(8);
  asks.gone(7);
  assert.match((await first.outcome)?.message ?? '', /\(pid 7\) ended before it answered/);
  const second = asks.ask({ name: 'spooler-pause', queue: '/cats' });
  for (const run of timers) run();
  assert.match((await second.outcome)?.message ?? '', /has not answered within 10 s.*blocked/);
});
