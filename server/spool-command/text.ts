import type { TaskDetail, TaskEntry, TaskState } from '../queue/admin.js';
import type { QueueCounts } from '../queue/contract.js';
import { visible, word } from '../request-log/escape.js';

/** What a terminal is shown of a queue: whatever stands in a task, it stays text. */

/** In the order in which they are listed. */
export const STATES = ['running', 'waiting', 'delayed', 'failed'] as const;

/** A table, one task a line. */
export function taskTable(tasks: readonly TaskEntry[]): string[] {
  const rows = tasks.map(({ id, state, priority, attempts, due, name }) => [
    ...[word(id), state, String(priority), String(attempts), timeText(due), visible(name)],
  ]);
  return aligned([['ID', 'STATE', 'PRI', 'RUNS', 'DUE', 'NAME'], ...rows]);
}

/** What a list leaves out, one line a state. */
export function leftOut(
  listed: ReadonlyMap<TaskState, number>,
  most: number,
  counts: QueueCounts,
): string[] {
  const there: Readonly<Record<TaskState, number>> = {
    running: counts.in_progress,
    waiting: counts.waiting,
    delayed: counts.delayed,
    failed: counts.failed,
  };
  return STATES.flatMap((state) => {
    const more = there[state] - (listed.get(state) ?? 0);
    const isCut = listed.get(state) === most && more > 0;
    return isCut ? [`${more} more ${state}: --state ${state} --most N lists more`] : [];
  });
}

/** All that is known of a task. */
export function taskText(task: TaskDetail): string[] {
  const { name, state, payload, timeout, bodyLength, dedupeKey } = task;
  const lines = aligned([
    ...[
      ['id', word(task.id)] as const,
      ['name', visible(name)] as const,
      ['state', state] as const,
    ],
    ['priority', String(task.priority)],
    ['runs', `${task.attempts}, and ${task.retries} retries allowed`],
    ['due', timeText(task.due)],
    ['spooled', timeText(task.spooledAt)],
    ['backoff', `${task.backoff / 1000} s`],
    ['timeout', timeout === null ? 'none' : `${timeout / 1000} s`],
    ['key', dedupeKey === null ? 'none' : visible(dedupeKey)],
    ['body', bodyLength === null ? 'none' : `${bodyLength} bytes`],
    ['payload', visible(JSON.stringify(payload))],
  ]);
  const failures = task.failures.flatMap(({ attempt, at, error }) => [
    `run ${attempt} failed, ${timeText(at)}:`,
    ...error.split('\n').map((line) => `    ${visible(line)}`),
  ]);
  return [...lines, ...failures];
}

/** How many tasks there are. */
export function countsText(counts: QueueCounts): string[] {
  const { oldest_age_s: age } = counts;
  return aligned([
    ['waiting', String(counts.waiting)],
    ['delayed', String(counts.delayed)],
    ['running', String(counts.in_progress)],
    ['failed', String(counts.failed)],
    ['oldest', age === null ? '–' : `${Math.round(age)} s`],
    ['paused', counts.paused ? 'yes' : 'no'],
  ]);
}

function timeText(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? '–' : `${time.toISOString().slice(0, 19)}Z`;
}

/** Columns as wide as their widest cell, but the last. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  '),
  );
}
