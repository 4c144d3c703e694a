import { messageOf } from '../../../shared/result.js';
import { QueueError, type QueueErrorCode } from '../queue-error.js';
import { codeOf } from './files.js';

const KNOWN: Readonly<Record<string, readonly [QueueErrorCode, string]>> = {
  ENOSPC: ['full', 'no room is left there: make some, or use a folder on a larger disk'],
  EDQUOT: ['full', 'the quota is used up: raise it, or use another folder'],
  EROFS: ['read-only', 'its file system is read-only: use a folder that can be written'],
  EACCES: [
    'read-only',
    'it cannot be written by this user: change its owner, or use another folder',
  ],
  EPERM: [
    'read-only',
    'it cannot be written by this user: change its owner, or use another folder',
  ],
};

/** Makes a QueueError of what the system refused; one that is a QueueError stays as it is. */
export function troubleOf(folder: string, doing: string, error: unknown): QueueError {
  if (error instanceof QueueError) return error;
  const [code, remedy] = KNOWN[codeOf(error)] ?? ['io', 'see what the system says of that disk'];
  return new QueueError(code, `queue ${folder}: ${doing}: ${messageOf(error)}: ${remedy}`, error);
}
