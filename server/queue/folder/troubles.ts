import type { Problem } from '../../../shared/problem.js';
import { messageOf } from '../../../shared/result.js';
import { QUEUE_PROBLEMS } from '../../problems/queue.js';
import { QueueError, type QueueErrorCode } from '../queue-error.js';
import { codeOf } from './files.js';

type Told = (what: string, reason: string) => Problem;

const KNOWN: Readonly<Record<string, readonly [QueueErrorCode, Told]>> = {
  ENOSPC: ['full', QUEUE_PROBLEMS.full],
  EDQUOT: ['full', QUEUE_PROBLEMS.quota],
  EROFS: ['read-only', QUEUE_PROBLEMS.readOnly],
  EACCES: ['read-only', QUEUE_PROBLEMS.notAllowed],
  EPERM: ['read-only', QUEUE_PROBLEMS.notAllowed],
};

/** Makes a QueueError of what the system refused; one that is a QueueError stays as it is. */
export function troubleOf(folder: string, doing: string, error: unknown): QueueError {
  if (error instanceof QueueError) return error;
  const [code, told] = KNOWN[codeOf(error)] ?? ['io', QUEUE_PROBLEMS.refused];
  return new QueueError(code, told(`queue ${folder}: ${doing}`, messageOf(error)), error);
}
