import { isForQueue } from '../../shared/commands.js';
import type { ClientEvent } from './client-event.js';
import { controlRefusal, REPLY_MS, type Step } from './control-flow.js';
import type { Model } from './model.js';
import type { QueueDetail } from './queue-view-state.js';
import { type QueueFacts, shownQueues } from './queues.js';
import { sanitizeShort } from './sanitize.js';
import { isUwsgi } from './server-ways.js';
import { instanceOf } from './table-state.js';
import { readTasks } from './task-list.js';

/**
 * How long a list stands before a queue that moves is asked again: each question is a line in the
 * server's audit.
 */
const LISTED_MS = 3000;

/** Why no queue can be opened; null when one can. */
export function queueRefusal(model: Model): string | null {
  if (shownQueues(model).length > 0) return null;
  if (model.shown === null) return 'nothing is known of any queue yet';
  const spoolers = instanceOf(model)?.spoolers ?? [];
  if (isUwsgi(model) && spoolers.length > 0) {
    return 'the spooler of a uWSGI tells nothing of its tasks: this takes a tsuwsgi';
  }
  return 'this server has no queue: --spooler gives it one';
}

/** What the document says of the queue that is looked at; null when it has no such queue any more. */
export function openedQueue(model: Model): QueueFacts | null {
  const { queue } = model;
  if (queue === null) return null;
  return shownQueues(model).find((facts) => facts.queue === queue.queue) ?? null;
}

const fresh = (queue: string): QueueDetail => ({
  ...{ queue, mark: null, top: 0, asked: null, last: null, listed: null, problem: null },
});

/** Opens a queue: that which was looked at last, or the first one. */
export function openQueue(model: Model): Model {
  const first = openedQueue(model) ?? shownQueues(model)[0];
  return first === undefined ? model : withQueueOpen(model, first.queue);
}

/** Opens the queue of that name. */
export function withQueueOpen(model: Model, queue: string): Model {
  const detail = model.queue?.queue === queue ? { ...model.queue, last: null } : fresh(queue);
  return { ...model, screen: 'queue', queue: detail };
}

/** The queue before (`step` -1) or after (1) the one that is looked at; round the ends. */
export function besideQueue(model: Model, step: 1 | -1): Model {
  const queues = shownQueues(model);
  const at = queues.findIndex(({ queue }) => queue === model.queue?.queue);
  const beside = queues[(at + step + queues.length) % Math.max(1, queues.length)];
  if (beside === undefined || beside.queue === model.queue?.queue) return model;
  return withQueueOpen(model, beside.queue);
}

/** Back to the view of sockets and others. */
export function closedQueue(model: Model): Model {
  return { ...model, screen: 'others' };
}

/** The model with parts of the opened queue replaced. */
export function withQueue(model: Model, change: Partial<QueueDetail>): Model {
  return model.queue === null ? model : { ...model, queue: { ...model.queue, ...change } };
}

/** After whatever happened: asks for the tasks of the opened queue when they may be others by now. */
export function refreshed(step: Step): Step {
  const [model, effects] = step;
  const { queue } = model;
  if (model.screen !== 'queue' || queue?.asked !== null) return step;
  const facts = openedQueue(model);
  if (facts === null || controlRefusal(model) !== null) return step;
  const held = holding(facts);
  if (!isDue(model, queue, held)) return step;
  const id = model.nextCommandId;
  const { now: at } = model;
  const command = { name: 'spooler-tasks', queue: queue.queue } as const;
  return [
    { ...withQueue(model, { asked: { id, at }, last: { at, held } }), nextCommandId: id + 1 },
    [...effects, { type: 'command', id, command }],
  ];
}

function isDue(model: Model, { queue, last }: QueueDetail, held: string): boolean {
  if (last === null) return true;
  // What was done from here is to be seen at once.
  const done = model.commands.some(
    ({ command, state, at }) =>
      isForQueue(command) && command.queue === queue && state === 'done' && at >= last.at,
  );
  return done || (last.held !== held && model.now - last.at >= LISTED_MS);
}

/** What a queue holds, as text: while it is the same the same tasks are in it. */
function holding({ waiting, delayed, inProgress, failed, runs, running }: QueueFacts): string {
  const ids = running.map(({ id }) => id).join();
  return [waiting, delayed, inProgress, failed, runs, ids].join('/');
}

/** Enters the tasks that were told; null when the event is of something else. */
export function tasksAnswered(
  model: Model,
  event: Extract<ClientEvent, { type: 'reply' | 'outcome' }>,
): Model | null {
  const { queue } = model;
  if (queue?.asked?.id !== event.id) return null;
  if (event.type === 'reply' && event.ok) return model;
  if (!event.ok) {
    const problem = sanitizeShort(event.message.split('\n', 1).join(), 300);
    return withQueue(model, { asked: null, problem });
  }
  const listed = { ...readTasks(event.message), at: event.at };
  return withQueue(model, { asked: null, problem: null, listed });
}

/** Gives up on an answer that is overdue; it is asked for again when the queue has moved. */
export function tasksExpired(model: Model): Model {
  const { queue } = model;
  // The server waits as long for its spooler, and then tells why.
  const asked = queue?.asked ?? null;
  if (asked === null || model.now - asked.at < 2 * REPLY_MS) return model;
  return withQueue(model, { asked: null, problem: `no answer within ${(2 * REPLY_MS) / 1000} s` });
}

/** The connection broke: the answer will not come; it is asked for anew when there is another. */
export function tasksLost(model: Model): Model {
  if (model.queue === null) return model;
  const problem = 'the connection broke';
  return withQueue(model, { asked: null, last: null, problem });
}
