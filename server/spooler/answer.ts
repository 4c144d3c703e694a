import { messageOf } from '../../shared/result.js';
import type { QueueAdmin, TaskEntry, TaskState } from '../queue/admin.js';
import { jsonLine, visible } from '../request-log/escape.js';
import { type AnswerFrame, type AskFrame, MOST_MESSAGE, MOST_TASKS } from '../wire/queue-asks.js';

/** Characters of a task's name, and of what went wrong in it, in a list. */
const MOST_NAME = 60;
const MOST_ERROR = 120;

/** Does with the queue what the master asks, and tells what became of it. */
export async function answerTo(queue: QueueAdmin, order: AskFrame): Promise<AnswerFrame> {
  try {
    return { type: 'answer', ask: order.ask, ...(await act(queue, order)) };
  } catch (error) {
    return { type: 'answer', ask: order.ask, ok: false, message: visible(messageOf(error)) };
  }
}

type Told = Pick<AnswerFrame, 'ok' | 'message'>;

async function act(queue: QueueAdmin, { act: what, task }: AskFrame): Promise<Told> {
  switch (what) {
    case 'retry':
    case 'drop':
      return order(queue, what, task ?? '');
    case 'pause':
    case 'resume':
      await queue.pause(what === 'pause');
      return { ok: true, message: what === 'pause' ? 'paused: what runs goes on' : 'resumed' };
    case 'tasks':
      return { ok: true, message: await tasksOf(queue) };
  }
}

async function order(queue: QueueAdmin, what: 'retry' | 'drop', id: string): Promise<Told> {
  switch (await queue[what](id)) {
    case 'done':
      return { ok: true, message: `task ${id} ${what === 'drop' ? 'dropped' : 'offered again'}` };
    case 'unknown':
      return { ok: false, message: `there is no task ${id}: it has run, or never was` };
    case 'running':
      return { ok: false, message: `task ${id} is running: wait until its run has ended` };
  }
}

/** Escapes would make an answer longer than it may be. */
function shown(text: string, most = MOST_NAME): string {
  return text.slice(0, most).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}

function lineOf({ name, ...rest }: TaskEntry): string {
  return jsonLine({ ...rest, name: shown(name) });
}

/** A failed task, with the end of its last run where that is known. */
async function failedLine(queue: QueueAdmin, entry: TaskEntry): Promise<string> {
  const last = await lastFailure(queue, entry.id);
  if (last === undefined) return lineOf(entry);
  const error = shown(last.error.split('\n', 1).join(), MOST_ERROR);
  return jsonLine({ ...entry, name: shown(entry.name), failed_at: last.at, error });
}

async function lastFailure(queue: QueueAdmin, id: string) {
  try {
    return (await queue.show(id))?.failures.at(-1);
  } catch {
    // The list stands without it: a damaged file is told of by who asks for that task.
    return undefined;
  }
}

/** A sentence, and then each task as JSON in a line of its own; as many as an answer has room for. */
async function tasksOf(queue: QueueAdmin): Promise<string> {
  const list = (state: TaskState): Promise<readonly TaskEntry[]> => queue.list(state, MOST_TASKS);
  const failed = await list('failed');
  const waiting = await list('waiting');
  const delayed = await list('delayed');
  const most = [failed, waiting, delayed].some(({ length }) => length === MOST_TASKS);
  const counts = `${failed.length} failed, ${waiting.length} waiting, ${delayed.length} for later`;
  const lines = [
    ...(await Promise.all(failed.map((entry) => failedLine(queue, entry)))),
    ...[...waiting, ...delayed].map(lineOf),
  ];
  let answer = `${counts}${most ? ', and maybe more' : ''}`;
  for (const line of lines) {
    if (answer.length + 1 + line.length >= MOST_MESSAGE) break;
    answer += `\n${line}`;
  }
  return answer;
}
