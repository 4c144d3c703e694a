import type { ClaimedTask, TaskOrder } from '../contract.js';

/** What BullMQ keeps as a job's data. */
export interface TaskData {
  readonly payload: unknown;
  readonly spooledAt: number;
  readonly order: ClaimedTask['order'];
  /** Its bytes beside the payload; null: it has none. */
  readonly bodyLength: number | null;
}

/** BullMQ has jobs without a priority first, and 1 for the best one. */
const FIRST_PRIORITY = 1;

export const toBullPriority = (priority: number): number => priority + FIRST_PRIORITY;
export const fromBullPriority = (priority: number): number => priority - FIRST_PRIORITY;

export function dataOf(
  order: TaskOrder,
  payload: string,
  at: number,
  body: number | null,
): TaskData {
  const { priority, retries, backoff, timeout, dedupeKey } = order;
  return {
    payload: JSON.parse(payload) as unknown,
    spooledAt: at,
    order: { priority, retries, backoff, timeout, dedupeKey },
    bodyLength: body,
  };
}

const isNumber = (value: unknown): boolean => typeof value === 'number' && value >= 0;
const isNumberOrNull = (value: unknown): boolean => value === null || isNumber(value);

/** Reads what anybody may have put there; null: it is no task. */
export function readData(value: unknown): TaskData | null {
  if (typeof value !== 'object' || value === null) return null;
  const data = value as Partial<TaskData>;
  const order: unknown = data.order;
  if (typeof order !== 'object' || order === null || data.payload === undefined) return null;
  const { priority, retries, backoff, timeout, dedupeKey } = order as Partial<ClaimedTask['order']>;
  const isWhole = [priority, retries, backoff, data.spooledAt].every(isNumber);
  const isRest = [timeout, data.bodyLength].every(isNumberOrNull);
  const isKey = dedupeKey === null || typeof dedupeKey === 'string';
  return isWhole && isRest && isKey ? (data as TaskData) : null;
}
