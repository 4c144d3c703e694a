import type { ClaimedTask, Queue, TaskOrder } from '../../server/queue/contract.js';

/** A task to put in, as plain as can be, but for what is said. */
export function orderOf(changes: Partial<TaskOrder> = {}): TaskOrder {
  return {
    name: 'paint',
    payload: '{"cat":1}',
    body: null,
    at: null,
    priority: 5,
    retries: 3,
    backoff: 1000,
    timeout: null,
    dedupeKey: null,
    ...changes,
  };
}

/** Claims a task where one must be. */
export async function mustClaim(queue: Queue): Promise<ClaimedTask> {
  const task = await queue.claim();
  if (task === null) throw new Error('there is nothing to claim');
  return task;
}

/** Claims and finishes all tasks that are due; their payloads. */
export async function runAll(queue: Queue): Promise<unknown[]> {
  const payloads: unknown[] = [];
  for (let task = await queue.claim(); task !== null; task = await queue.claim()) {
    payloads.push(task.payload);
    await queue.settle(task, { type: 'done' });
  }
  return payloads;
}
