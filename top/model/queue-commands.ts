import { err, ok, type Result } from '../../shared/result.js';
import { ask } from './control-flow.js';
import type { Model } from './model.js';
import type { PromptCommand } from './prompt-command.js';
import { queueOrderRefusal, taskRefusal } from './queue-orders.js';
import { queueRefusal, withQueueOpen } from './queue-state.js';
import { type QueueTask, tasksOf } from './queue-tasks.js';
import { shownQueues } from './queues.js';
import { isTaskId } from './task-list.js';

const quoted = (word: string): string => JSON.stringify(word.slice(0, 60));

/** Names of queues that can be typed: in a line words end at a blank. */
function queueNames(model: Model): readonly string[] {
  return shownQueues(model)
    .map(({ queue }) => queue)
    .filter((queue) => /^[!-~]+$/.test(queue));
}

/** The queue that a word names; without a word that which is open, or the only one. */
function queueOf(model: Model, word: string | undefined): Result<string, string> {
  const queues = shownQueues(model).map(({ queue }) => queue);
  const known = `there are ${queueNames(model).join(', ')}`;
  if (word !== undefined) {
    return queues.includes(word) ? ok(word) : err(`${quoted(word)} is no queue, ${known}`);
  }
  const opened = model.screen === 'queue' ? model.queue?.queue : undefined;
  const [only] = queues;
  if (opened !== undefined && queues.includes(opened)) return ok(opened);
  return queues.length === 1 && only !== undefined ? ok(only) : err(`which queue? ${known}`);
}

/** Opens the tasks of a queue. */
const TASKS: PromptCommand = {
  name: 'tasks',
  usage: '[QUEUE]',
  help: 'the tasks of a queue: what runs, failed and waits',
  words: (model, given) => (given.length === 0 ? queueNames(model) : []),
  run(model, [word]) {
    const refusal = queueRefusal(model);
    if (refusal !== null) return err(refusal);
    const queue = queueOf(model, word);
    return queue.ok ? ok([withQueueOpen(model, queue.value), []]) : queue;
  },
};

function onQueue(
  name: 'spooler-pause' | 'spooler-resume',
  about: Pick<PromptCommand, 'name' | 'help'>,
): PromptCommand {
  return {
    ...about,
    usage: '[QUEUE]',
    words: (model, given) => (given.length === 0 ? queueNames(model) : []),
    run(model, [word]) {
      const refusal = queueOrderRefusal(model);
      if (refusal !== null) return err(refusal);
      const queue = queueOf(model, word);
      return queue.ok ? ok(ask(model, { name, queue: queue.value })) : queue;
    },
  };
}

/** The tasks of a queue that are known: those of the opened one. */
function knownTasks(model: Model, queue: string | undefined): readonly QueueTask[] {
  return queue === model.queue?.queue ? tasksOf(model) : [];
}

/** The id that a word is or begins; one that is not listed is for the server to know. */
function taskOf(tasks: readonly QueueTask[], word: string): Result<string, string> {
  const found = tasks.filter(({ id }) => id.startsWith(word));
  const [only] = found;
  if (found.length === 1 && only !== undefined) return ok(only.id);
  if (found.some(({ id }) => id === word) || (found.length === 0 && isTaskId(word)))
    return ok(word);
  return found.length > 1
    ? err(`${quoted(word)} begins the ids of ${found.length} tasks: type more of it`)
    : err(`${quoted(word)} is no id of a task: letters, digits, - and _, 64 at most`);
}

function onTask(
  name: 'spooler-retry' | 'spooler-drop',
  about: Pick<PromptCommand, 'name' | 'help'>,
): PromptCommand {
  return {
    ...about,
    usage: 'ID [QUEUE]',
    words(model, given) {
      if (given.length > 1) return [];
      return given.length > 0
        ? queueNames(model)
        : knownTasks(model, model.queue?.queue)
            .filter((task) => taskRefusal(task, name) === null)
            .map(({ id }) => id);
    },
    run(model, [word, of]) {
      const refusal = queueOrderRefusal(model);
      if (refusal !== null) return err(refusal);
      if (word === undefined) return err(`${about.name} of which task? Tab after tasks lists ids`);
      const queue = queueOf(model, of);
      if (!queue.ok) return queue;
      const tasks = knownTasks(model, queue.value);
      const task = taskOf(tasks, word);
      if (!task.ok) return task;
      const listed = tasks.find(({ id }) => id === task.value);
      const why = listed === undefined ? null : taskRefusal(listed, name);
      if (why !== null) return err(why);
      return ok(ask(model, { name, queue: queue.value, task: task.value }));
    },
  };
}

/** The commands of the `:` line that are about queues. */
export const QUEUE_COMMANDS: readonly PromptCommand[] = [
  TASKS,
  onTask('spooler-retry', {
    name: 'task-retry',
    help: 'run a task again that failed or is for later',
  }),
  onTask('spooler-drop', { name: 'task-drop', help: 'remove a task for good' }),
  onQueue('spooler-pause', { name: 'queue-pause', help: 'let no spooler take a task of a queue' }),
  onQueue('spooler-resume', { name: 'queue-resume', help: 'let spoolers take tasks of it again' }),
];
