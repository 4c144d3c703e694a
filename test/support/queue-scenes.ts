import type { SpoolerStats, StatsDocument } from '../../shared/stats.js';
import type { Message } from '../../top/model/message.js';
import type { Model } from '../../top/model/model.js';
import { client, instanceAt, keys, operate, play, start, tick } from './dashboard.js';
import { instance, NOW, worker } from './stats-builder.js';

export const CATS = '/var/spool/cats';
export const MAIL = '/var/spool/mail';

/** An id as a folder queue gives them. */
export const taskId = (digit: string): string => digit.repeat(32);

/** A spooler of the queue of cats that works, with what a test wants otherwise. */
export function spooler(id: number, change: Partial<SpoolerStats> = {}): SpoolerStats {
  return {
    ...{ id, dir: CATS, queue: CATS, pid: 40_000 + id, state: 'ready', tasks: 812, done: 803 },
    ...{ respawns: 0, running: 0, waiting: 120, delayed: 2, in_progress: 2, failed: 3 },
    ...{ oldest_age_s: 252, running_tasks: [], tasks_per_s: 1.7, rss: 60 * 1024 * 1024, cpu: 3 },
    latency: { count: 0, sum_us: 0, buckets: [] },
    ...{ last_spawn: NOW - 3600, last_exit: null, harakiri_count: 0, paused: 0 },
    ...change,
  };
}

/** Two queues: one of cats with two spoolers, both at work, and one of mail at rest. */
export function queueDocument(cats: Partial<SpoolerStats> = {}): StatsDocument {
  const resize = { name: 'resize', attempt: 1, progress: 0.5, age_s: 8.5 };
  const render = { name: 'render-a-very-detailed-cat', attempt: 3, progress: null, age_s: 305 };
  const empty = { waiting: 0, delayed: 0, in_progress: 0, failed: 0, oldest_age_s: null };
  return instance([worker(1), worker(2)], {
    spoolers: [
      spooler(1, { running: 1, running_tasks: [{ id: taskId('a'), ...resize }], ...cats }),
      spooler(2, { running: 1, running_tasks: [{ id: taskId('b'), ...render }], ...cats }),
      spooler(3, { ...empty, dir: MAIL, queue: MAIL, tasks: 9, done: 9, tasks_per_s: 0 }),
    ],
  });
}

const ms = (seconds: number): number => (NOW + seconds) * 1000;

/** The tasks of the queue of cats as a server lists them: 3 failed, 4 of 120 waiting, 2 for later. */
export const LISTED: readonly object[] = [
  {
    ...{ id: taskId('c'), name: 'resize', state: 'failed', priority: 5, attempts: 4 },
    ...{ due: ms(-90), failed_at: ms(-60), error: 'Error: no cat in this picture' },
  },
  {
    ...{ id: taskId('d'), name: 'mail', state: 'failed', priority: 0, attempts: 1 },
    ...{ due: ms(-7200), failed_at: ms(-7100) },
    error:
      'Error: connect ECONNREFUSED 192.0.2.7:25 while the message to the owner of the cat was sent',
  },
  { id: taskId('e'), name: 'render', state: 'failed', priority: 5, attempts: 2, due: ms(-9000) },
  ...['1', '2', '3', '4'].map((digit, at) => ({
    ...{ id: taskId(digit), name: 'resize', state: 'waiting', priority: 5, attempts: 0 },
    due: ms(at - 252),
  })),
  ...['7', '8'].map((digit, at) => ({
    ...{ id: taskId(digit), name: 'report', state: 'delayed', priority: 9, attempts: 0 },
    due: ms(3600 * (at + 1)),
  })),
];

/** The answer to `spooler-tasks` with these tasks. */
export function answerOf(tasks: readonly object[], more = true): string {
  const count = (state: string): number =>
    tasks.filter((task) => 'state' in task && task.state === state).length;
  const head = `${count('failed')} failed, ${count('waiting')} waiting, ${count('delayed')} for later`;
  return [
    `${head}${more ? ', and maybe more' : ''}`,
    ...tasks.map((task) => JSON.stringify(task)),
  ].join('\n');
}

/** What a server sends when a command was carried out. */
export function outcome(id: number, message: string, at = 2, ok = true): Message {
  return client({ type: 'outcome', at, id, ok, code: ok ? 'done' : 'failed', message });
}

/** The view of sockets and others, with these queues. */
export function queueOthers(
  width = 80,
  height = 24,
  document: StatsDocument = queueDocument(),
  ascii = false,
): Model {
  const messages = [tick(1), operate, instanceAt(1, document), tick(300), ...keys('6')];
  return play(start(width, height, ascii), messages).model;
}

/** The queue of cats, opened and listed. */
export function queueModel(
  width = 80,
  height = 24,
  document: StatsDocument = queueDocument(),
  ascii = false,
): Model {
  const opened = play(queueOthers(width, height, document, ascii), keys('enter')).model;
  return play(opened, [outcome(1, answerOf(LISTED))]).model;
}
