import { Readable } from 'node:stream';
import type { TaskOrder } from '../queue/contract.js';
import type { SpoolOptions } from './spool-options.js';
import { taskNameProblem } from './task-name.js';

const PRIORITY = 5;
const RETRIES = 3;
const BACKOFF_MS = 1000;

/**
 * What is written down of a call of `spool()`; `now` is milliseconds since 1970. What is of the
 * wrong kind is a TypeError that names it; whether numbers are within bounds the queue says.
 */
export function orderOf(
  name: string,
  payload: unknown,
  options: SpoolOptions,
  now: number,
): TaskOrder {
  const problem = taskNameProblem(name);
  if (problem !== null) throw new TypeError(`spool(): ${problem}`);
  const { priority = PRIORITY, retries = RETRIES, backoff = BACKOFF_MS } = options;
  const { timeout = null, dedupeKey = null } = options;
  if (dedupeKey !== null && typeof dedupeKey !== 'string') {
    throw new TypeError(`spool(): dedupeKey is a ${typeof dedupeKey}: give a text`);
  }
  return {
    ...{ name, payload: jsonOf(payload), body: bodyOf(options.body), at: dueAt(options, now) },
    ...{ priority, retries, backoff, timeout, dedupeKey },
  };
}

function jsonOf(payload: unknown): string {
  const text = JSON.stringify(payload) as string | undefined;
  if (text !== undefined) return text;
  throw new TypeError(`spool(): the payload is a ${typeof payload}: give what JSON can carry`);
}

function bodyOf(body: SpoolOptions['body']): TaskOrder['body'] {
  if (body === undefined) return null;
  if (body instanceof Readable || Buffer.isBuffer(body)) return body;
  if (body instanceof Uint8Array) {
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  }
  throw new TypeError(`spool(): the body is a ${typeof body}: give a Buffer or a Readable`);
}

function dueAt({ at, delay }: SpoolOptions, now: number): number | null {
  if (at !== undefined && delay !== undefined) {
    throw new TypeError('spool(): at and delay both say when: give one of the two');
  }
  if (delay !== undefined) {
    if (typeof delay !== 'number' || !(delay >= 0)) {
      throw new TypeError(`spool(): delay is ${String(delay)}: give milliseconds from now on`);
    }
    return delay === 0 ? null : Math.ceil(now + delay);
  }
  if (at === undefined) return null;
  const due = at instanceof Date ? at.getTime() : at;
  if (typeof due === 'number' && due >= 0) return Math.ceil(due);
  throw new TypeError(`spool(): at is ${String(at)}: give a Date, or milliseconds since 1970`);
}
