import type { ClaimedTask, Outcome, Queue } from '../../server/queue/contract.js';

/** A queue in memory, with the promises of a real one as far as a runner sees them. */
export interface MemoryQueue extends Pick<Queue, 'claim' | 'settle'> {
  put(name: string, change?: Partial<ClaimedTask['order']>): string;
  /** How runs ended, in order: `id type error`. */
  readonly settled: readonly string[];
  /** Tasks that nobody has claimed. */
  waiting(): readonly string[];
}

export function createMemoryQueue(): MemoryQueue {
  const ready: ClaimedTask[] = [];
  const settled: string[] = [];
  let last = 0;
  const told = (outcome: Outcome): string =>
    outcome.type === 'failed' ? `failed ${outcome.error.split('\n')[0] ?? ''}` : outcome.type;
  return {
    settled,
    waiting: () => ready.map(({ id }) => id),
    put(name, change = {}) {
      const id = `task-${++last}`;
      const order = { priority: 5, retries: 0, backoff: 0, timeout: null, dedupeKey: null };
      ready.push({
        ...{ id, name, payload: { cat: last }, body: null, attempt: 1, spooledAt: 0 },
        order: { ...order, ...change },
      });
      return id;
    },
    claim: () => Promise.resolve(ready.shift() ?? null),
    settle(task, outcome) {
      settled.push(`${task.id} ${told(outcome)}`);
      if (outcome.type === 'done' || outcome.type === 'returned') {
        if (outcome.type === 'returned') ready.unshift(task);
        return Promise.resolve(outcome.type);
      }
      if (task.attempt > task.order.retries) return Promise.resolve('failed');
      ready.push({ ...task, attempt: task.attempt + 1 });
      return Promise.resolve('retried');
    },
  };
}
