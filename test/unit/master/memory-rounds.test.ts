import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMemoryRounds } from '../../../server/master/memory-rounds.js';

function pids(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** The seconds in which each of so many processes was measured. */
function measured(count: number, seconds: number): ReadonlyMap<number, readonly number[]> {
  const rounds = createMemoryRounds();
  const measuredAt = new Map<number, number[]>();
  for (let second = 0; second < seconds; second++) {
    const due = rounds.due(pids(count), second * 1000);
    assert.ok(due.length <= 4, `${due.length} in one second`);
    for (const pid of due) measuredAt.set(pid, [...(measuredAt.get(pid) ?? []), second]);
  }
  return measuredAt;
}

function pausesOf(seconds: readonly number[]): number[] {
  return seconds.slice(1).map((second, index) => second - (seconds[index] ?? 0));
}

describe('the rounds that measure memory', () => {
  test('come to a few processes within a second', () => {
    const rounds = createMemoryRounds();
    assert.deepEqual(rounds.due(pids(3), 0), [1, 2, 3]);
    assert.deepEqual(rounds.due(pids(4), 1000), [4], 'one that is new is next');
    assert.deepEqual(rounds.due(pids(4), 2000), []);
  });

  test('come to each of a few processes once in ten seconds', () => {
    const measuredAt = measured(8, 100);
    for (const [pid, seconds] of measuredAt) {
      assert.ok(
        pausesOf(seconds)
          .slice(1)
          .every((pause) => pause === 10),
        `${pid}: ${seconds.join()}`,
      );
    }
    assert.equal(measuredAt.size, 8);
  });

  test('cost no more for many processes: after the first figures one comes every second', () => {
    const measuredAt = measured(64, 400);
    for (const [pid, seconds] of measuredAt) {
      assert.ok((seconds[0] ?? Infinity) < 16, `${pid}: ${seconds.join()}`);
      const later = pausesOf(seconds).slice(1);
      assert.ok(
        later.every((pause) => pause === 64),
        `${pid}: ${seconds.join()}`,
      );
    }
    assert.equal(measuredAt.size, 64);
  });

  test('forget a process that is gone: another one of its pid is measured at once', () => {
    const rounds = createMemoryRounds();
    rounds.due([1, 2], 0);
    rounds.due([2], 1000);
    assert.deepEqual(rounds.due([1, 2], 2000), [1]);
  });
});
