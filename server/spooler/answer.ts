import { messageOf } from '../../shared/result.js';
import type { QueueAdmin, TaskState } from '../queue/admin.js';
import { jsonLine, visible } from '../request-log/escape.js';
import { type AnswerFrame, type AskFrame, MOST_TASKS } from '../wire/queue-asks.js';

/** Characters of a task's name in a list. */
const MOST_NAME = 60;

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
function shown(name: string): string {
  return name.slice(0, MOST_NAME).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}

/** A sentence, and then each task as JSON in a line of its own. */
async function tasksOf(queue: QueueAdmin): Promise<string> {
  const list = async (state: TaskState): Promise<string[]> =>
    (await queue.list(state, MOST_TASKS)).map(({ name, ...rest }) =>
      jsonLine({ ...rest, name: shown(name) }),
    );
  const failed = await list('failed');
  const waiting = await list('waiting');
  const most = failed.length === MOST_TASKS || waiting.length === MOST_TASKS;
  const head = `${failed.length} failed, ${waiting.length} waiting${most ? ', and maybe more' : ''}`;
  return [head, ...failed, ...waiting].join('\n');
}
