import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMemoryRounds } from '../../../server/master/memory-rounds.js';

function pids(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

interface Walks {
  /** The seconds in which each process was measured. */
  readonly measuredAt: ReadonlyMap<number, readonly number[]>;
  /** Milliseconds that all took in each second. */
  readonly spent: readonly number[];
}

/** So many processes for so many seconds, of which each takes `walkMs` to measure. */
function walks(count: number, seconds: number, walkMs: number): Walks {
  const rounds = createMemoryRounds();
  const measuredAt = new Map<number, number[]>();
  const spent: number[] = [];
  for (let second = 0; second < seconds; second++) {
    const due = rounds.due(pids(count), second * 1000);
    rounds.took(due.length, due.length * walkMs);
    spent.push(due.length * walkMs);
    for (const pid of due) measuredAt.set(pid, [...(measuredAt.get(pid) ?? []), second]);
  }
  return { measuredAt, spent };
}

function pausesOf(seconds: readonly number[]): number[] {
  return seconds.slice(1).map((second, index) => second - (seconds[index] ?? 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('the rounds that measure memory', () => {
  test('come to a few processes within a second, and to a new one in the next', () => {
    const rounds = createMemoryRounds();
    assert.deepEqual(rounds.due(pids(3), 0), [1, 2, 3]);
    assert.deepEqual(rounds.due(pids(4), 1000), [4], 'one that is new is next');
    assert.deepEqual(rounds.due(pids(4), 2000), []);
  });

  test('come to each of sixty-four processes every five seconds, a fifth of them at a time', () => {
    const { measuredAt, spent } = walks(64, 100, 0.7);
    assert.equal(measuredAt.size, 64);
    for (const [pid, seconds] of measuredAt) {
      assert.ok((seconds[0] ?? Infinity) < 4, `${pid}: ${seconds.join()}`);
      const later = pausesOf(seconds).slice(2);
      assert.ok(
        later.every((pause) => pause <= 6),
        `${pid}: ${seconds.join()}`,
      );
    }
    assert.ok(Math.max(...spent.slice(20)) <= 13 * 0.7, spent.join());
  });

  for (const [count, walkMs] of [
    [64, 0.7],
    [500, 0.7],
    [64, 3],
    [2, 400],
  ] as const) {
    test(`take at most a hundredth of the time of ${count} walks of ${walkMs} ms`, () => {
      const seconds = 1000;
      const { measuredAt, spent } = walks(count, seconds, walkMs);
      assert.equal(measuredAt.size, count, 'each has its turn');
      // What there is to spend at the start comes on top.
      assert.ok(sum(spent) <= seconds * 10 + 100 + walkMs, `${sum(spent)} ms`);
      const turns = [...measuredAt.values()].map(({ length }) => length);
      assert.ok(Math.max(...turns) - Math.min(...turns) <= 2, 'no process is forgotten for others');
    });
  }

  test('forget a process that is gone: another one of its pid is measured at once', () => {
    const rounds = createMemoryRounds();
    rounds.due([1, 2], 0);
    rounds.due([2], 1000);
    assert.deepEqual(rounds.due([1, 2], 2000), [1]);
  });

  test('come on time when the timer of the master fires a little early', () => {
    const rounds = createMemoryRounds();
    rounds.due([1], 0);
    assert.deepEqual(rounds.due([1], 4998), [1]);
  });
});
