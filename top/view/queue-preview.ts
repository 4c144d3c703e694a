import type { QueueChange } from '../../shared/commands.js';
import { duration, grouped } from '../../shared/units.js';
import type { Model } from '../model/model.js';
import { type QueueTask, tasksOf } from '../model/queue-tasks.js';
import { queueFor } from '../model/queues.js';
import { sanitizeShort } from '../model/sanitize.js';
import { shortId } from '../model/task-list.js';
import type { Question } from './batch-preview.js';
import type { Line } from './frame.js';
import { cut, plural, span, wrapped } from './text.js';

/** Characters of a line in a question. */
const MOST = 60;

/** Characters of an error, which is broken into lines. */
const MOST_OF_ERROR = 170;

/** What is asked before something is done to a queue. */
export function queueQuestion(command: QueueChange): Question {
  switch (command.name) {
    case 'spooler-pause':
      return { title: 'Pause a queue', act: 'Pause', short: 'Pause' };
    case 'spooler-resume':
      return { title: 'Resume a queue', act: 'Resume', short: 'Resume' };
    case 'spooler-retry':
      return { title: `Retry task ${shortId(command.task)}`, act: 'Retry', short: 'Retry' };
    case 'spooler-drop':
      return { title: `Drop task ${shortId(command.task)}`, act: 'Drop', short: 'Drop' };
  }
}

/** What it would do now. */
export function queuePreview(model: Model, command: QueueChange): Line[] {
  const name: Line = [span('queue ', 'dim'), span(ending(command.queue), 'bright')];
  const facts = queueFor(model, command);
  if (facts === null) return [name, [span('is gone: there is nothing to do', 'alarm')]];
  switch (command.name) {
    case 'spooler-pause':
      return [
        name,
        [span(`no spooler takes a task of it: ${waitText(facts.waiting)}`)],
        [span(beganText(facts.running.length))],
        [span('until it is resumed, over restarts too', 'attention')],
      ];
    case 'spooler-resume':
      return [name, [span(`its spoolers take tasks again: ${waitText(facts.waiting)}`)]];
    case 'spooler-retry':
      return [
        name,
        ...taskLines(model, command.task),
        [span('it is offered at once, with all its retries; its errors are forgotten')],
      ];
    case 'spooler-drop':
      return [
        name,
        ...taskLines(model, command.task),
        [span('it is removed for good, with its key: nobody can bring it back', 'alarm')],
      ];
  }
}

/** What is known of the task; nothing of one that is not listed. */
function taskLines(model: Model, id: string): Line[] {
  const task = tasksOf(model).find((each) => each.id === id);
  if (task === undefined) return [[span(`task ${sanitizeShort(id, 64)}`)]];
  const said: Line = [span(task.name, 'bright'), span(` ${historyOf(task)}`)];
  if (task.error === null) return [said];
  const error = cut(sanitizeShort(task.error, 4096), MOST_OF_ERROR, '..');
  return [said, ...wrapped(error, MOST).map((line) => [span(line, 'alarm')])];
}

function historyOf({ state, attempts, age }: QueueTask): string {
  const runs = attempts === null ? '' : ` after ${plural(attempts, 'run')}`;
  const time = age === null ? '' : duration(Math.abs(age));
  switch (state) {
    case 'failed':
      return `failed${runs}${time === '' ? '' : `, ${time} ago`}`;
    case 'delayed':
      return time === '' ? 'is for later' : `is for later, in ${time}`;
    case 'waiting':
      return time === '' ? 'waits' : `has waited ${time}`;
    case 'running':
      return time === '' ? 'runs' : `has run for ${time}`;
  }
}

/** A path is told apart by its end. */
export function ending(queue: string, most = MOST): string {
  const safe = sanitizeShort(queue, 4096);
  return safe.length <= most ? safe : `..${safe.slice(safe.length - most + 2)}`;
}

function waitText(waiting: number | null): string {
  if (waiting === null) return 'how many wait is not known';
  return waiting === 0
    ? 'none waits now'
    : `${grouped(waiting)} ${waiting === 1 ? 'waits' : 'wait'}`;
}

function beganText(runs: number): string {
  if (runs === 0) return 'nothing of it runs now';
  return runs === 1 ? 'the task that runs goes on to its end' : `the ${runs} tasks that run go on`;
}
