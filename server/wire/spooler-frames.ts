import {
  type Fields,
  integerIn,
  isFields,
  numberIn,
  textUpTo,
  wordOf,
} from '../../shared/fields.js';
import { type AnswerFrame, type AskFrame, readAnswer, readAsk } from './queue-asks.js';
import type { QueueCounts } from '../queue/contract.js';
import { decodeStderr, type StderrFrame } from './frames.js';

/**
 * The frames between a spooler process and the master: one JSON object a line, both ways, over a
 * socket pair that the spooler inherits as descriptor 3 (`LINK_FD`), as a worker does.
 */

/** What the master tells a spooler. */
export type SpoolerOrder =
  /** Claim tasks from now on. */
  | { readonly type: 'work' }
  /** Another spooler has died: offer again what it had. */
  | { readonly type: 'recover' }
  /** Say how many tasks are in the queue. */
  | { readonly type: 'count' }
  /** Claim no more, finish what runs, then exit. */
  | { readonly type: 'drain' }
  | { readonly type: 'exit' }
  | AskFrame;

/** A run of a task, as it begins. */
export interface RunFrame {
  readonly id: string;
  readonly name: string;
  /** From 1 on. */
  readonly attempt: number;
  /** Milliseconds that the task allows a run; null: any time. */
  readonly timeoutMs: number | null;
}

/** The last run of a task that is not run again. */
export interface FailedFrame {
  readonly type: 'failed';
  readonly id: string;
  readonly name: string;
  /** Runs that began. */
  readonly attempts: number;
  /** The first line of what went wrong in the last one. */
  readonly error: string;
}

/** How a run ended, and what became of its task. */
export const RUN_ENDS = ['done', 'retried', 'failed', 'returned'] as const;

export type RunEnd = (typeof RUN_ENDS)[number];

/** What a spooler tells the master. */
export type SpoolerFrame =
  /** It has loaded its tasks. */
  | { readonly type: 'ready' }
  /** A sign of life. */
  | { readonly type: 'same' }
  /** It asks to be replaced; `why` ends the sentence "the spooler …". */
  | { readonly type: 'leaves'; readonly why: string }
  | ({ readonly type: 'began' } & RunFrame)
  /** How far a run says it is, 0 to 1. */
  | { readonly type: 'progress'; readonly id: string; readonly share: number }
  /** `ms` is how long it took. */
  | { readonly type: 'ended'; readonly id: string; readonly how: RunEnd; readonly ms: number }
  | FailedFrame
  | { readonly type: 'counts'; readonly counts: QueueCounts }
  | AnswerFrame
  /** What its tasks wrote last. */
  | StderrFrame;

const ORDERS = ['work', 'recover', 'count', 'drain', 'exit'] as const;

/** Longer ids and names are none of ours. */
const MAX_ID = 64;
/** Characters of a task's name. */
export const MAX_NAME = 200;
const MAX_WHY = 200;
/** Characters of what went wrong in a task. */
export const MAX_ERROR = 200;
const MOST = Number.MAX_SAFE_INTEGER;

/** Writes a frame as a line. */
export function encodeSpoolerFrame(frame: SpoolerFrame | SpoolerOrder): string {
  return `${JSON.stringify(frame)}\n`;
}

/** Reads a line of a spooler's; null when it is not one. */
export function decodeSpoolerFrame(line: string): SpoolerFrame | null {
  const value = parse(line);
  if (value === null) return null;
  switch (value['type']) {
    case 'ready':
    case 'same':
      return { type: value['type'] };
    case 'leaves':
      return readLeaves(value);
    case 'began':
      return readBegan(value);
    case 'progress':
      return readProgress(value);
    case 'ended':
      return readEnded(value);
    case 'failed':
      return readFailed(value);
    case 'counts':
      return readCounted(value);
    case 'answer':
      return readAnswer(value);
    case 'stderr':
      return decodeStderr(value);
    default:
      return null;
  }
}

/** Reads a line of the master's; null when it is not one. */
export function decodeSpoolerOrder(line: string): SpoolerOrder | null {
  const value = parse(line);
  if (value?.['type'] === 'ask') return readAsk(value);
  const type = wordOf(value?.['type'], ORDERS);
  return type === undefined ? null : { type };
}

function readLeaves({ why }: Fields): SpoolerFrame | null {
  return typeof why === 'string' ? { type: 'leaves', why: why.slice(0, MAX_WHY) } : null;
}

function readProgress(value: Fields): SpoolerFrame | null {
  const id = idOf(value);
  const share = numberIn(value['share'], 0, 1);
  return id === undefined || share === undefined ? null : { type: 'progress', id, share };
}

function readEnded(value: Fields): SpoolerFrame | null {
  const id = idOf(value);
  const how = wordOf(value['how'], RUN_ENDS);
  const ms = numberIn(value['ms'], 0, MOST);
  if (id === undefined || how === undefined || ms === undefined) return null;
  return { type: 'ended', id, how, ms };
}

/** It is written to the log. */
function idOf(value: Fields): string | undefined {
  const id = textUpTo(value['id'], MAX_ID);
  return id !== undefined && /^[\w-]+$/.test(id) ? id : undefined;
}

function readFailed(value: Fields): SpoolerFrame | null {
  const id = idOf(value);
  const name = textUpTo(value['name'], MAX_NAME);
  const attempts = integerIn(value['attempts'], 1, MOST);
  const { error } = value;
  if (id === undefined || name === undefined || attempts === undefined) return null;
  if (typeof error !== 'string') return null;
  return { type: 'failed', id, name, attempts, error: error.slice(0, MAX_ERROR) };
}

function readBegan(value: Fields): SpoolerFrame | null {
  const id = idOf(value);
  const name = textUpTo(value['name'], MAX_NAME);
  const attempt = integerIn(value['attempt'], 1, MOST);
  const timeoutMs = orNull(value['timeoutMs']);
  if (id === undefined || name === undefined) return null;
  if (attempt === undefined || timeoutMs === undefined) return null;
  return { type: 'began', id, name, attempt, timeoutMs };
}

function readCounted(value: Fields): SpoolerFrame | null {
  const counts = readCounts(value['counts']);
  return counts === null ? null : { type: 'counts', counts };
}

function readCounts(value: unknown): QueueCounts | null {
  if (!isFields(value)) return null;
  const count = (name: string): number | undefined => integerIn(value[name], 0, MOST);
  const waiting = count('waiting');
  const delayed = count('delayed');
  const in_progress = count('in_progress');
  const failed = count('failed');
  const oldest_age_s = orNull(value['oldest_age_s']);
  if (waiting === undefined || delayed === undefined || oldest_age_s === undefined) return null;
  const { paused } = value;
  if (in_progress === undefined || failed === undefined) return null;
  if (typeof paused !== 'boolean') return null;
  return { waiting, delayed, in_progress, failed, oldest_age_s, paused };
}

function orNull(value: unknown): number | null | undefined {
  return value === null ? null : numberIn(value, 0, MOST);
}

function parse(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}
