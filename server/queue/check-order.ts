import { LAST_AT, MOST_ATTEMPTS, MOST_PAYLOAD } from './bounds.js';
import type { TaskOrder } from './contract.js';
import { QueueError } from './queue-error.js';

/** Bytes of a task's name or a dedupeKey, so that a head stays within its bounds. */
const MOST_TEXT = 4096;

/** Refuses what is no task; returns its payload as JSON in one line. */
export function checkOrder(order: TaskOrder): string {
  const { name, priority, retries, backoff, timeout, at, dedupeKey } = order;
  const number = (what: string, value: number, most: number): void => {
    if (Number.isFinite(value) && value >= 0 && value <= most) return;
    throw invalid(`${what} ${value}`, `give a number from 0 to ${most}`);
  };
  const text = (what: string, value: string): void => {
    if (value !== '' && Buffer.byteLength(value) <= MOST_TEXT) return;
    throw invalid(
      `${what} of ${Buffer.byteLength(value)} bytes`,
      `give one of 1 to ${MOST_TEXT} bytes`,
    );
  };
  text('name', name);
  if (dedupeKey !== null) text('dedupeKey', dedupeKey);
  whole('priority', priority, 9);
  whole('retries', retries, MOST_ATTEMPTS - 1);
  number('backoff', backoff, Number.MAX_SAFE_INTEGER);
  if (timeout !== null) number('timeout', timeout, Number.MAX_SAFE_INTEGER);
  if (at !== null) number('at', at, LAST_AT);
  return lineOf(order.payload);
}

function whole(what: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;
  throw invalid(`${what} ${value}`, `give a whole number from 0 to ${most}`);
}

function lineOf(payload: string): string {
  const bytes = Buffer.byteLength(payload);
  if (bytes > MOST_PAYLOAD) {
    throw new QueueError(
      'too large',
      `a payload of ${bytes} bytes: at most ${MOST_PAYLOAD} fit; put large data into the body`,
    );
  }
  try {
    const value: unknown = JSON.parse(payload);
    return /[\r\n]/.test(payload) ? JSON.stringify(value) : payload;
  } catch (error) {
    const shown = JSON.stringify(payload.slice(0, 60));
    throw new QueueError('invalid', `the payload ${shown} is not JSON: give JSON`, error);
  }
}

function invalid(what: string, remedy: string): QueueError {
  return new QueueError('invalid', `a task with ${what}: ${remedy}`);
}
