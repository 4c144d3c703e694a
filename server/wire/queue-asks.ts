import { type Fields, integerIn, textUpTo, wordOf } from '../../shared/fields.js';

/** What people have the master ask a spooler to do with its queue. */
export const QUEUE_ACTS = ['retry', 'drop', 'pause', 'resume', 'tasks'] as const;

export type QueueAct = (typeof QUEUE_ACTS)[number];

/** The master asks; `ask` is its number. */
export interface AskFrame {
  readonly type: 'ask';
  readonly ask: number;
  readonly act: QueueAct;
  /** The id of a task, for `retry` and `drop`; else null. */
  readonly task: string | null;
}

/** A spooler tells what became of it. */
export interface AnswerFrame {
  readonly type: 'answer';
  readonly ask: number;
  readonly ok: boolean;
  readonly message: string;
}

/** Tasks of a state that are told at most. */
export const MOST_TASKS = 100;
/** Characters of a message: so many tasks, with room for their names. */
export const MOST_MESSAGE = 64 * 1024;
const MOST_ID = 64;

/** Whether a text may be the id of a task; it is written to the log. */
export function taskIdOf(value: unknown): string | undefined {
  const id = textUpTo(value, MOST_ID);
  return id !== undefined && /^[\w-]+$/.test(id) ? id : undefined;
}

/** Reads what the master asks; null when it is not understood. */
export function readAsk(value: Fields): AskFrame | null {
  const ask = integerIn(value['ask'], 1, Number.MAX_SAFE_INTEGER);
  const act = wordOf(value['act'], QUEUE_ACTS);
  const task = value['task'] === null ? null : taskIdOf(value['task']);
  return ask === undefined || act === undefined || task === undefined
    ? null
    : { type: 'ask', ask, act, task };
}

/** Reads an answer; null when it is none. */
export function readAnswer(value: Fields): AnswerFrame | null {
  const ask = integerIn(value['ask'], 1, Number.MAX_SAFE_INTEGER);
  const { ok, message } = value;
  if (ask === undefined || typeof ok !== 'boolean' || typeof message !== 'string') return null;
  return { type: 'answer', ask, ok, message: message.slice(0, MOST_MESSAGE) };
}
