import type { DecodedInstance } from '../../shared/stats.js';
import { grouped } from '../../shared/units.js';
import type { Finding } from './finding.js';
import { type QueueFacts, queuesOf } from './queues.js';
import { sanitizeShort } from './sanitize.js';

const named = ({ queue }: QueueFacts): string => `queue ${sanitizeShort(queue, 200)}`;
const tasks = (count: number): string => `${grouped(count)} task${count === 1 ? '' : 's'}`;
const more = (others: readonly QueueFacts[]): string =>
  others.length === 0 ? '' : ` · ${others.length} more like it`;

/** That all processes of a queue have died; null when those of none have. */
export function deadQueue(instance: DecodedInstance): Finding | null {
  const [first, ...others] = queuesOf(instance).filter(({ down, spoolers }) => down === spoolers);
  if (first === undefined) return null;
  return {
    severity: 'alarm',
    text: `${named(first)} has no spooler: ${first.spoolers === 1 ? 'it waits' : `${first.spoolers} wait`} before the respawn${more(others)}`,
    short: 'no spooler runs',
  };
}

/** That a queue is paused, and who waits for that; null when none is. */
export function pausedQueue(instance: DecodedInstance): Finding | null {
  const [worst, ...others] = queuesOf(instance)
    .filter(({ paused }) => paused === true)
    .sort((a, b) => (b.waiting ?? 0) - (a.waiting ?? 0));
  if (worst === undefined) return null;
  const waits = (worst.waiting ?? 0) > 0;
  return {
    severity: waits ? 'attention' : 'notice',
    text: `${named(worst)} is paused${waiting(worst.waiting)}${more(others)}`,
    short: 'a queue is paused',
  };
}

function waiting(count: number | null): string {
  if (count === null) return '';
  if (count === 0) return ', no task waits';
  return `, ${tasks(count)} ${count === 1 ? 'waits' : 'wait'}`;
}

/** That tasks have failed for good; null when none has. */
export function failedTasks(instance: DecodedInstance): Finding | null {
  const [worst, ...others] = queuesOf(instance)
    .filter(({ failed }) => (failed ?? 0) > 0)
    .sort((a, b) => (b.failed ?? 0) - (a.failed ?? 0));
  if (worst === undefined) return null;
  const failed = tasks(worst.failed ?? 0);
  return {
    severity: 'notice',
    text: `${failed} of ${named(worst)} failed for good${more(others)} · 6 and Enter list them`,
    short: 'tasks have failed',
  };
}
