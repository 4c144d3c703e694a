import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMemoryRounds } from '../../../server/master/memory-rounds.js';

function pids(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

describe('the rounds that measure memory', () => {
  test('come to a few processes within a second', () => {
    const rounds = createMemoryRounds();
    assert.deepEqual(rounds.due(pids(3), 0), [1, 2, 3]);
    assert.deepEqual(rounds.due(pids(4), 1000), [4], 'one that is new is next');
    assert.deepEqual(rounds.due(pids(4), 2000), []);
  });

  test('come to each process once in ten seconds, a few at a time', () => {
    const rounds = createMemoryRounds();
    const measuredAt = new Map<number, number[]>();
    for (let second = 0; second < 100; second++) {
      const due = rounds.due(pids(64), second * 1000);
      assert.ok(due.length <= 7, `${due.length} in one second`);
      for (const pid of due) measuredAt.set(pid, [...(measuredAt.get(pid) ?? []), second]);
    }
    for (const [pid, seconds] of measuredAt) {
      const pauses = seconds.slice(1).map((second, index) => second - (seconds[index] ?? 0));
      assert.ok(
        pauses.every((pause) => pause >= 10 && pause <= 11),
        `${pid}: ${pauses.join()}`,
      );
    }
    assert.equal(measuredAt.size, 64);
  });

  test('cost no more for a thousand processes: those wait their turn', () => {
    const rounds = createMemoryRounds();
    const seen = new Set<number>();
    for (let second = 0; second < 63; second++) {
      const due = rounds.due(pids(1000), second * 1000);
      assert.ok(due.length <= 16);
      for (const pid of due) seen.add(pid);
    }
    assert.equal(seen.size, 1000);
  });

  test('forget a process that is gone: another one of its pid is measured at once', () => {
    const rounds = createMemoryRounds();
    rounds.due([1, 2], 0);
    rounds.due([2], 1000);
    assert.deepEqual(rounds.due([1, 2], 2000), [1]);
  });
});
