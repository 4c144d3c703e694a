import type { RunningTask } from '../../shared/stats.js';
import { documentTime } from './currency.js';
import { listRows } from './geometry.js';
import type { Model } from './model.js';
import type { QueueDetail } from './queue-view-state.js';
import { openedQueue, withQueue } from './queue-state.js';
import { lastOf } from './remember.js';
import { sanitizeShort } from './sanitize.js';
import type { Move } from './table-state.js';
import type { ListedTask, TaskState } from './task-list.js';

/** A task of the opened queue, by whichever way it is known; every text is safe to draw. */
export interface QueueTask {
  readonly id: string;
  readonly name: string;
  readonly state: TaskState;
  /** Which run it is, or how many began. */
  readonly attempts: number | null;
  readonly priority: number | null;
  /**
   * Seconds: since its run began or failed, since when it could run; less than zero until when it is
   * for later.
   */
  readonly age: number | null;
  /** How far a run says it is, 0 to 1. */
  readonly progress: number | null;
  readonly error: string | null;
}

/** The tasks of the opened queue: what runs, what failed, what comes next, what is for later. */
export function tasksOf(model: Model): readonly QueueTask[] {
  const { queue, past } = model;
  const running = openedQueue(model)?.running;
  // Nobody knows what waited in the past.
  const listed = past === null ? queue?.listed?.tasks : undefined;
  return allTasks(running, listed, documentTime(model));
}

const allTasks = lastOf(
  (
    running: readonly RunningTask[] = [],
    listed: readonly ListedTask[] = [],
    time: number | null,
  ): readonly QueueTask[] => {
    const runs = running.map(runningTask);
    const known = new Set(runs.map(({ id }) => id));
    // The document is the newer of both: what runs by now waits no more.
    return [
      ...runs,
      ...listed.filter(({ id }) => !known.has(id)).map((task) => listedTask(task, time)),
    ];
  },
);

function runningTask({ id, name, age_s: age, attempt, progress }: RunningTask): QueueTask {
  return {
    ...{ id: sanitizeShort(id, 64), name: sanitizeShort(name, 60), state: 'running' },
    ...{ attempts: attempt, priority: null, age, progress, error: null },
  };
}

function listedTask(task: ListedTask, time: number | null): QueueTask {
  const { id, name, state, attempts, priority, error } = task;
  const from = state === 'failed' ? task.failedAt : task.due;
  const since = from === null || time === null ? null : time - from / 1000;
  // The clocks of two processes, and of two documents, are not one.
  const age = since === null || state === 'delayed' ? since : Math.max(0, since);
  return { id, name, state, attempts, priority, age, progress: null, error };
}

/** How the lines of an opened queue are shared out. */
export interface QueueShares {
  /** Whether its counts have a line, and the columns have titles. */
  readonly counts: boolean;
  readonly titles: boolean;
  readonly rows: number;
  /** Lines about the marked task, the one above them included. */
  readonly about: number;
}

/** Lines of a task that is told of below the list: fewer where the list would be short. */
const ABOUT = { usual: 4, short: 3 };

/** Shares out the lines between header and footer. */
export function queueShares({ width, height }: Pick<Model, 'width' | 'height'>): QueueShares {
  // The line of titles of other lists is that of the name.
  const below = listRows(width, height);
  const titles = below >= 4;
  const counts = below >= 7;
  const about = below >= 16 ? ABOUT.usual : below >= 12 ? ABOUT.short : 0;
  const rows = below - (titles ? 1 : 0) - (counts ? 1 : 0) - about;
  return { counts, titles, rows: Math.max(0, rows), about };
}

/** Where the marked task is among those that are shown; -1 when none is marked, or it is gone. */
export function markedTaskIndex({ queue }: Model, tasks: readonly QueueTask[]): number {
  const mark = queue?.mark ?? null;
  return mark === null ? -1 : tasks.findIndex(({ id }) => id === mark.id);
}

/** The marked task; null when none is, or it is gone. */
export function markedTask(model: Model): QueueTask | null {
  const tasks = tasksOf(model);
  return tasks[markedTaskIndex(model, tasks)] ?? null;
}

/** Moves the mark. After its task is gone it goes on from where that was seen last. */
export function movedTasks(model: Model, move: Move): Model {
  const tasks = tasksOf(model);
  const page = Math.max(1, queueShares(model).rows - 1);
  const last = tasks.length - 1;
  const steps = { up: -1, down: 1, 'page-up': -page, 'page-down': page, first: -last, last };
  const mark = model.queue?.mark ?? null;
  const found = markedTaskIndex(model, tasks);
  const delta = steps[move];
  // The one below has moved up into the place of a task that is gone.
  const from = found >= 0 ? found : (mark?.index ?? 0) - (delta > 0 ? 1 : 0);
  const start = mark === null && move === 'up' ? last + 1 : from;
  const wanted = move === 'first' ? 0 : move === 'last' ? last : start + delta;
  const index = Math.min(last, Math.max(0, wanted));
  const task = tasks[index];
  return task === undefined ? model : markedAt(model, task.id, index);
}

/** Marks a task, and brings it into sight. */
export function markedAt(model: Model, id: string, index: number): Model {
  return settledTasks(withQueue(model, { mark: { id, index } }));
}

/** Brings the window to the mark, and keeps it on the list. */
export function settledTasks(model: Model): Model {
  const { queue } = model;
  if (queue === null || model.screen !== 'queue') return model;
  const tasks = tasksOf(model);
  const index = markedTaskIndex(model, tasks);
  return withWindow(model, queue, index, tasks.length);
}

function withWindow(model: Model, queue: QueueDetail, index: number, total: number): Model {
  const { rows } = queueShares(model);
  const { top, mark } = queue;
  const inSight = index < 0 ? top : Math.min(index, Math.max(top, index - rows + 1));
  const wanted = Math.max(0, Math.min(inSight, total - rows));
  const same = mark === null || index < 0 || mark.index === index;
  if (wanted === top && same) return model;
  return withQueue(model, { top: wanted, mark: same ? mark : { ...mark, index } });
}
