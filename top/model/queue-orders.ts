import { ask, controlRefusal, type Step } from './control-flow.js';
import type { Model } from './model.js';
import { markedTask, type QueueTask } from './queue-tasks.js';
import { openedQueue, queueRefusal } from './queue-state.js';
import { isUwsgi } from './server-ways.js';
import { isTaskId, shortId } from './task-list.js';

/** Why nothing can be done to any queue now; null when it can. */
export function queueOrderRefusal(model: Model): string | null {
  if (isUwsgi(model)) return 'a uWSGI takes no orders about its spoolers: this takes a tsuwsgi';
  return queueRefusal(model) ?? controlRefusal(model);
}

/** Why the opened queue can neither be paused nor resumed; null when it can. */
export function pauseQueueRefusal(model: Model): string | null {
  const refusal = queueOrderRefusal(model);
  if (refusal !== null) return refusal;
  const opened = openedQueue(model);
  if (opened === null) return 'there is no such queue any more';
  return opened.paused === null ? 'not known yet whether it is paused: try again' : null;
}

/** Why a task cannot be given such an order; null when it can. */
export function taskRefusal(
  { id, state }: Pick<QueueTask, 'id' | 'state'>,
  name: 'spooler-retry' | 'spooler-drop',
): string | null {
  if (!isTaskId(id)) return 'its id is none that a server takes';
  if (state === 'running') return `task ${shortId(id)} is running: wait until its run has ended`;
  if (name === 'spooler-retry' && state === 'waiting')
    return `task ${shortId(id)} waits already: it runs when its turn comes`;
  return null;
}

function markRefusal(model: Model, name: 'spooler-retry' | 'spooler-drop'): string | null {
  const refusal = queueOrderRefusal(model);
  if (refusal !== null) return refusal;
  const task = markedTask(model);
  if (task !== null) return taskRefusal(task, name);
  return model.queue?.mark == null
    ? 'mark a task first, with the arrow keys'
    : 'the marked task is gone: mark another with the arrow keys';
}

/** Why the marked task cannot be offered again; null when it can. */
export const retryRefusal = (model: Model): string | null => markRefusal(model, 'spooler-retry');

/** Why the marked task cannot be dropped; null when it can. */
export const dropRefusal = (model: Model): string | null => markRefusal(model, 'spooler-drop');

/** Asks before the marked task is offered again, or dropped. */
export function askTask(model: Model, name: 'spooler-retry' | 'spooler-drop'): Step {
  const task = markedTask(model);
  if (task === null || model.queue === null) return [model, []];
  return ask(model, { name, queue: model.queue.queue, task: task.id });
}

/** Asks before the opened queue is paused, or resumed. */
export function askQueuePause(model: Model): Step {
  const opened = openedQueue(model);
  if (opened === null) return [model, []];
  const name = opened.paused === true ? 'spooler-resume' : 'spooler-pause';
  return ask(model, { name, queue: opened.queue });
}
