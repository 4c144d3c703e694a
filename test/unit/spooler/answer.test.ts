import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerTo } from '../../../server/spooler/answer.js';
import type { QueueAdmin, TaskEntry, TaskState } from '../../../server/queue/admin.js';
import { MOST_MESSAGE, type QueueAct } from '../../../server/wire/queue-asks.js';

const HOSTILE = '\u001b[2J\u202e\n';

const queue: QueueAdmin = {
  list(state: TaskState, most: number) {
    const entry: TaskEntry = {
      ...{ id: 'a1', name: HOSTILE.repeat(1000), state, priority: 5, attempts: 999_999 },
      due: 1_795_714_035_019,
    };
    return Promise.resolve(Array<TaskEntry>(most).fill(entry));
  },
  async show(id) {
    const [entry] = await this.list('failed', 1);
    const failures = [
      { attempt: 1, at: 1, error: 'the first' },
      {
        attempt: 2,
        at: 1_795_714_036_000,
        error: `no cat \u001b[2J${'"'.repeat(500)}\n  at cat.js:1`,
      },
    ];
    const order = { retries: 1, backoff: 1000, timeout: null, dedupeKey: null, spooledAt: 1 };
    return id === 'a1' && entry !== undefined
      ? { ...entry, ...order, payload: {}, bodyLength: null, failures }
      : null;
  },
  retry: (id) => Promise.resolve(id === 'runs' ? 'running' : 'done'),
  drop: () => Promise.resolve('unknown'),
  pause: () => Promise.reject(new Error(`no room${HOSTILE}`)),
};

async function told(act: QueueAct, task: string | null): Promise<readonly [boolean, string]> {
  const { ok, message } = await answerTo(queue, { type: 'ask', ask: 1, act, task });
  return [ok, message];
}

test('a spooler tells what became of what the master asks', async () => {
  assert.deepEqual(await told('retry', 'a1'), [true, 'task a1 offered again']);
  assert.deepEqual(await told('retry', 'runs'), [
    ...[false, 'task runs is running: wait until its run has ended'],
  ]);
  assert.deepEqual(await told('drop', 'a1'), [
    ...[false, 'there is no task a1: it has run, or never was'],
  ]);
  assert.deepEqual(await told('pause', null), [false, 'no room\\x1b[2J\\x202e\\x0a']);
});

test('a list of tasks is a sentence and lines of JSON, and fits into one answer', async () => {
  const [, message] = await told('tasks', null);
  const [head, ...lines] = message.split('\n');
  assert.equal(head, '100 failed, 100 waiting, 100 for later, and maybe more');
  assert.ok(lines.length > 200, String(lines.length));
  assert.ok(message.length < MOST_MESSAGE, String(message.length));
  assert.doesNotMatch(lines.join(''), /\p{C}/u);
  for (const line of lines) JSON.parse(line);
  const failed = JSON.parse(lines[0] ?? '') as TaskEntry & { error: string; failed_at: number };
  assert.equal(failed.state, 'failed');
  assert.match(failed.error, /^no cat \?\[2J"+$/);
  assert.equal(failed.failed_at, 1_795_714_036_000);
  assert.equal((JSON.parse(lines.at(-1) ?? '') as TaskEntry).state, 'delayed');
});
