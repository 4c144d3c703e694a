import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClaimedTask } from '../../../server/queue/contract.js';
import { QueueError } from '../../../server/queue/queue-error.js';
import { createRunner, type RunnerParts } from '../../../server/spooler/runner.js';
import type { TaskFunction } from '../../../server/spooler/tasks.js';
import { eventually } from '../../support/eventually.js';
import { createMemoryQueue } from '../../support/memory-queue.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

/** A runner over a queue in memory, under a clock that stands still, with what it has told. */
function runnerWith(tasks: Record<string, TaskFunction>, change: Partial<RunnerParts> = {}) {
  const queue = createMemoryQueue();
  const clock = createVirtualClock();
  const told: string[] = [];
  const runner = createRunner({
    ...{ queue, tasks: new Map(Object.entries(tasks)), concurrency: 1, maxTasks: 0 },
    ...{ now: () => clock.now(), later: (ms, run) => clock.after(ms, run) },
    listener: {
      began: ({ id, attempt }) => void told.push(`began ${id} ${attempt}`),
      progress: (id, share) => void told.push(`progress ${id} ${share}`),
      ended: (id, how, ms) => void told.push(`ended ${id} ${how} ${ms}`),
      failed: ({ id, name, attempt }, error) =>
        void told.push(`failed ${id} ${name} ${attempt}: ${error.split('\n', 1).join()}`),
      spent: () => void told.push('spent'),
      problem: (text) => void told.push(text),
    },
    ...change,
  });
  const until = (line: string) =>
    eventually(`${line} in ${told.join(', ')}`, () => told.includes(line));
  return { queue, clock, told, runner, until };
}

/** A task that runs until the test lets it go. */
function held() {
  const waiting: (() => void)[] = [];
  const run: TaskFunction = () => new Promise<void>((resolve) => waiting.push(resolve));
  return { run, waiting };
}

describe('a runner', () => {
  test('tells of a run before the task itself runs, and how it ended', async () => {
    const order: string[] = [];
    const { queue, runner, told, until } = runnerWith({ note: () => order.push(told.join()) });
    queue.put('note');
    runner.wake();
    await until('ended task-1 done 0');
    assert.deepEqual(order, ['began task-1 1']);
    assert.deepEqual(queue.settled, ['task-1 done']);
  });

  test('runs no more at a time than it may', async () => {
    const { run, waiting } = held();
    const { queue, runner, until, told } = runnerWith({ run }, { concurrency: 2 });
    for (let count = 0; count < 3; count++) queue.put('run');
    runner.wake();
    await until('began task-2 1');
    assert.deepEqual(queue.waiting(), ['task-3']);
    waiting.shift()?.();
    await until('began task-3 1');
    assert.equal(told.filter((line) => line.startsWith('ended')).length, 1);
  });

  test('says what a task threw, with its stack, and what of a task nobody knows', async () => {
    const { queue, runner, until } = runnerWith({
      fail: () => {
        throw new Error('no cat');
      },
    });
    queue.put('fail');
    queue.put('fall');
    runner.wake();
    await until('ended task-2 failed 0');
    await until('failed task-1 fail 1: Error: no cat');
    assert.deepEqual(queue.settled, [
      'task-1 failed Error: no cat',
      'task-2 failed no task is called "fall": the module of --spooler-import has fail',
    ]);
  });

  test('aborts the signal of a task whose time is over: that run has failed, whatever it says', async () => {
    const { run, waiting } = held();
    const signals: AbortSignal[] = [];
    const { queue, runner, until, clock } = runnerWith({
      slow: (payload, context) => {
        signals.push(context.signal);
        return run(payload, context);
      },
    });
    queue.put('slow', { timeout: 500 });
    runner.wake();
    await until('began task-1 1');
    clock.advance(499);
    assert.equal(signals[0]?.aborted, false);
    clock.advance(1);
    assert.equal(signals[0].aborted, true);
    waiting.shift()?.();
    await until('ended task-1 failed 500');
    assert.deepEqual(queue.settled, [
      'task-1 failed it took longer than its timeout of 0.5 seconds',
    ]);
    assert.equal(clock.pending, 0);
  });

  test('passes on how far a task says it is, and refuses what is no share', async () => {
    const { queue, runner, until, told } = runnerWith({
      paint: (_, context) => {
        context.progress(0.25);
        context.progress(2);
      },
    });
    queue.put('paint');
    runner.wake();
    await until('ended task-1 failed 0');
    assert.ok(told.includes('progress task-1 0.25'));
    assert.deepEqual(queue.settled, [
      'task-1 failed RangeError: progress(2): a share is a number from 0 to 1',
    ]);
  });

  test('has several claims under way where one has found something, and one where none has', async () => {
    const asked: ((task: ClaimedTask | null) => void)[] = [];
    const memory = createMemoryQueue();
    const queue = {
      claim: () => new Promise<ClaimedTask | null>((resolve) => asked.push(resolve)),
      settle: memory.settle,
    };
    const { runner } = runnerWith({ run: held().run }, { queue, concurrency: 10 });
    const underWay = (count: number) =>
      eventually(`${count} claims, not ${asked.length}`, () => asked.length === count);
    const give = async (): Promise<void> => {
      memory.put('run');
      asked.shift()?.(await memory.claim());
    };
    runner.wake();
    await underWay(1);
    await give();
    await underWay(2);
    await give();
    await underWay(4);
    // Woken while it asks, it asks again: something may have come since.
    runner.wake();
    while (asked.length > 0) asked.shift()?.(null);
    await underWay(1);
    asked.shift()?.(null);
    runner.wake();
    await underWay(1);
  });

  test('claims no more after as many tasks as it may run, and says so', async () => {
    const { queue, runner, until } = runnerWith({ note: () => undefined }, { maxTasks: 2 });
    for (let count = 0; count < 3; count++) queue.put('note');
    runner.wake();
    await until('ended task-2 done 0');
    await until('spent');
    assert.deepEqual(queue.waiting(), ['task-3']);
  });

  test('that drains ends what it runs, and claims no more', async () => {
    const { run, waiting } = held();
    const { queue, runner, until } = runnerWith({ run });
    queue.put('run');
    queue.put('run');
    runner.wake();
    await until('began task-1 1');
    const drained = runner.drain();
    runner.wake();
    waiting.shift()?.();
    await drained;
    assert.deepEqual(queue.settled, ['task-1 done']);
    assert.deepEqual(queue.waiting(), ['task-2']);
  });

  test('that drains gives back what it was about to claim', async () => {
    const queue = createMemoryQueue();
    let give: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (give = resolve));
    const slow = { ...queue, claim: () => opened.then(() => queue.claim()) };
    const { runner } = runnerWith({ note: () => undefined }, { queue: slow });
    queue.put('note');
    runner.wake();
    const drained = runner.drain();
    give();
    await drained;
    assert.deepEqual(queue.settled, ['task-1 returned']);
  });

  test('says once that its queue cannot be read, and goes on when it can', async () => {
    const queue = createMemoryQueue();
    let isBroken = true;
    const broken = {
      ...queue,
      claim: () => (isBroken ? Promise.reject(new Error('disk')) : queue.claim()),
    };
    const { runner, until, told } = runnerWith({ note: () => undefined }, { queue: broken });
    queue.put('note');
    runner.wake();
    await until('cannot take tasks from the queue: disk');
    runner.wake();
    isBroken = false;
    await eventually('the task to be run', () => {
      runner.wake();
      return told.includes('ended task-1 done 0');
    });
    assert.equal(told.filter((line) => line.startsWith('cannot')).length, 1);
  });

  test('tells its queue again how a run ended, but not one that has lost the task', async () => {
    const queue = createMemoryQueue();
    const problems = [new Error('full'), new QueueError('not claimed', 'task-2 is not ours')];
    const broken: typeof queue = {
      ...queue,
      settle: (task, outcome) => {
        const problem = task.id === 'task-2' || problems.length > 1 ? problems.shift() : undefined;
        return problem === undefined ? queue.settle(task, outcome) : Promise.reject(problem);
      },
    };
    const { runner, until, clock } = runnerWith({ note: () => undefined }, { queue: broken });
    queue.put('note');
    queue.put('note');
    runner.wake();
    await until('cannot tell the queue that task task-1 is done, trying again: full');
    clock.advance(1000);
    await until('ended task-2 returned 0');
    await until('task-2 is not ours');
    assert.deepEqual(queue.settled, ['task-1 done']);
  });
});
