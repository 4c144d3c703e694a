import path from 'node:path';
import { queuePlaces } from '../options/spooler.js';
import type { Options } from '../options/table.js';
import type { QueueCounts } from '../queue/contract.js';
import { QUEUES_VARIABLE } from '../queue/queues-variable.js';
import { PASSWORD_FILE_VARIABLE } from '../queue/redis/password.js';
import type { SpoolerConfig } from '../spooler/config.js';
import type { Sources } from '../stats/document/sources.js';
import type { AskFrame } from '../wire/queue-asks.js';
import type { StderrFrame } from '../wire/frames.js';
import type { FailedFrame, SpoolerFrame } from '../wire/spooler-frames.js';
import type { MasterEffect, MasterEvent } from './decide/events.js';
import { createSilenceWatch, signPeriod, type SilenceWatch } from './decide/silence.js';
import { createSpoolerBook, type SpoolerBook } from './decide/spoolers/spooler-book.js';
import type { SpoolerSettings } from './decide/spoolers/spooler-settings.js';
import { spoolerOf } from './decide/spoolers/spooler-slots.js';
import type { SpoolerSlot } from './decide/slots.js';
import type { MasterState } from './decide/state.js';
import { createFailureRate } from './failure-rate.js';
import { createQueueAsks, type QueueAsks } from './queue-asks.js';
import { afterFrames, createOverdueWatch } from './overdue-watch.js';
import { createRecovery, type Recovery } from './recovery.js';
import { createSpoolerSpawner, type SpoolerSpawner, type SpoolerStart } from './spooler-spawner.js';

/** The processes of `--spooler`, as the master has them. */
export interface Spoolers {
  /** What the stats document tells of them. */
  readonly sources: Sources['spoolers'];
  /** All their processes. */
  pids(): readonly number[];
  /** Has a spooler look into its queue, or set it right. */
  readonly askQueue: QueueAsks['ask'];
  /** Performs what concerns spoolers of an effect that the arbiter wants. */
  perform(effect: SpoolerEffect): void;
  /** To be called once a second: who gives no sign of life, and how many tasks there are. */
  look(): void;
}

/** What of the arbiter's wishes concerns spoolers. */
export type SpoolerEffect = Extract<
  MasterEffect,
  { type: 'spawn-spooler' | 'send-spooler' | 'recover-queue' | 'send' | 'sigkill' }
>;

/** What the spoolers of a master work on. */
export interface SpoolerParts extends Omit<SpoolerStart, 'environment'> {
  /** Those that hold now. */
  readonly options: () => Options;
  readonly state: () => MasterState;
  readonly post: (event: MasterEvent) => void;
  /** Whether somebody has read the stats lately. */
  readonly isRead: () => boolean;
}

/** What spool() in workers and spoolers is told of the queues; nothing without any. */
export function queuesEnvironment(options: Options): Readonly<Record<string, string>> {
  const places = queuePlaces(options, process.cwd());
  if (places.length === 0) return {};
  const password = options['spooler-redis-password-file'];
  return {
    [QUEUES_VARIABLE]: JSON.stringify(places),
    // The password itself would stand in the environment of all that the application starts.
    ...(password !== undefined && { [PASSWORD_FILE_VARIABLE]: path.resolve(password) }),
  };
}

/** What the arbiter needs to know of the options; undefined without `--spooler`. */
export function spoolerSettings(options: Options): SpoolerSettings | undefined {
  const queues = queuePlaces(options, process.cwd()).length;
  if (queues === 0) return undefined;
  return {
    queues,
    processes: options['spooler-processes'],
    mercyMs: options['spooler-reload-mercy'] * 1000,
    bootMs: options['boot-timeout'] * 1000,
  };
}

export function createSpoolers(parts: SpoolerParts): Spoolers {
  const { options, state, post } = parts;
  const book = createSpoolerBook();
  const silence = createSilenceWatch(() => options()['worker-stall'] * 1000);
  const folders = queuePlaces(options(), process.cwd());
  const asks = asksOf(parts, folders, (pid, order) => {
    spawner.send(pid, order);
  });
  const spawner = spawnerOf(parts, { book, silence, asks, failures: createFailureRate() });
  const recovery = recoveryOf(options(), () => spawner);
  const pids = (): readonly number[] =>
    state().spoolers.flatMap(({ processes }) => processes.map(({ pid }) => pid));
  const spawn = (id: number): void => {
    const slot = state().spoolers.find((spooler) => spooler.id === id);
    const queue = folders[slot?.queue ?? 0] ?? '';
    const pid = spawner.spawn(configOf(id, queue, options()));
    if (pid === undefined) return;
    silence.born(pid, performance.now());
    post({ type: 'spooler-spawned', spooler: id, pid });
  };
  return {
    sources: {
      folders,
      figures: (spooler, now) => book.figures(spooler, now),
      counts: (queue, now) => book.counts(queue, now),
    },
    pids,
    askQueue: asks.ask,
    perform(effect) {
      switch (effect.type) {
        case 'spawn-spooler':
          spawn(effect.spooler);
          break;
        case 'send-spooler':
          spawner.send(effect.pid, { type: effect.frame });
          break;
        case 'recover-queue':
          recovery.ask(folders[effect.queue] ?? '');
          break;
        case 'send':
          // Nobody pauses a spooler.
          if (effect.frame === 'drain' || effect.frame === 'exit') {
            spawner.send(effect.pid, { type: effect.frame });
          }
          break;
        case 'sigkill':
          spawner.kill(effect.pid);
          break;
      }
    },
    look() {
      const now = performance.now();
      for (const { pid, silentMs } of silence.look(now)) {
        // A task may block its loop for as long as --spooler-harakiri lets it.
        if (!book.runs(pid)) post({ type: 'spooler-stalled', pid, silentMs });
      }
      if (parts.isRead())
        for (const pid of countersOf(state()).values()) spawner.send(pid, { type: 'count' });
    },
  };
}

/** One of each queue. */
function countersOf({ spoolers }: MasterState): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const { queue, processes } of spoolers) {
    const works = processes.find(({ state }) => state === 'ready');
    if (works !== undefined && !found.has(queue)) found.set(queue, works.pid);
  }
  return found;
}

function recoveryOf(options: Options, spawner: () => SpoolerSpawner): Recovery {
  return createRecovery((queue, onEnd) => {
    spawner().recover({ queue, ordered: options['spooler-ordered'] }, onEnd);
  });
}

function asksOf(
  { state }: Pick<SpoolerParts, 'state'>,
  folders: readonly string[],
  send: (pid: number, order: AskFrame) => void,
): QueueAsks {
  return createQueueAsks({
    ...{ folders, send, later: inTime },
    worksFor: (queue) => countersOf(state()).get(queue),
  });
}

function inTime(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => {
    clearTimeout(timer);
  };
}

/** What is kept of the processes. */
interface Books {
  readonly book: SpoolerBook;
  readonly silence: SilenceWatch;
  readonly asks: QueueAsks;
  /** See `createFailureRate`. */
  readonly failures: (now: number) => number | null;
}

function spawnerOf(parts: SpoolerParts, books: Books): SpoolerSpawner {
  const { book, silence, asks } = books;
  const { post, options, entry, owner, application, output } = parts;
  const overdue = createOverdueWatch({
    book,
    harakiriMs: () => options()['spooler-harakiri'] * 1000,
    tell(run) {
      post({ type: 'spooler-overdue', ...run });
    },
    now: () => performance.now(),
    later: afterFrames,
  });
  /** The last lines of stderr of each process. */
  const stderr = new Map<number, readonly string[]>();
  const environment = queuesEnvironment(options());
  const start = { entry, owner, application, output, environment };
  return createSpoolerSpawner(start, {
    frame(pid, frame) {
      silence.heard(pid, performance.now());
      if (frame.type === 'stderr') stderr.set(pid, frame.lines);
      else onFrame(pid, frame, parts, books);
      if (frame.type === 'began') overdue.began(frame);
    },
    exited(pid, how) {
      silence.forget(pid);
      overdue.forget(pid);
      book.retire(pid);
      asks.gone(pid);
      post({ type: 'spooler-exited', pid, ...how, stderr: stderr.get(pid) ?? [] });
      stderr.delete(pid);
    },
    failed(spooler, message) {
      post({ type: 'spooler-spawn-failed', spooler, message });
    },
  });
}

/** @param unsaid How many were left out before it; null: it is left out as well. */
function onFailed(
  pid: number,
  { id, name, attempts, error }: FailedFrame,
  unsaid: number | null,
  post: SpoolerParts['post'],
): void {
  if (unsaid !== null) post({ type: 'task-failed', pid, id, name, attempts, error, unsaid });
}

function onCounts(slot: SpoolerSlot | undefined, counts: QueueCounts, book: SpoolerBook): void {
  if (slot !== undefined) book.counted(slot.queue, counts, performance.now());
}

function onFrame(
  pid: number,
  frame: Exclude<SpoolerFrame, StderrFrame>,
  { state, post }: Pick<SpoolerParts, 'state' | 'post'>,
  { book, asks, failures }: Books,
): void {
  const now = performance.now();
  switch (frame.type) {
    case 'ready':
      post({ type: 'spooler-ready', pid });
      break;
    case 'leaves':
      post({ type: 'spooler-leaves', pid, why: frame.why });
      break;
    case 'began': {
      const { id, name, attempt, timeoutMs } = frame;
      const slot = spoolerOf(state(), pid);
      if (slot !== undefined) book.began(slot.id, pid, { id, name, attempt, timeoutMs }, now);
      break;
    }
    case 'progress':
      book.progress(pid, frame.id, frame.share);
      break;
    case 'ended':
      book.ended(pid, frame, now);
      break;
    case 'failed':
      onFailed(pid, frame, failures(now), post);
      break;
    case 'counts':
      onCounts(spoolerOf(state(), pid), frame.counts, book);
      break;
    case 'answer':
      asks.answer(frame);
      break;
    case 'same':
      break;
  }
}

function configOf(id: number, queue: string, options: Options): Omit<SpoolerConfig, 'isCollected'> {
  return {
    id,
    queue,
    module: path.resolve(options['spooler-import'] ?? ''),
    ordered: options['spooler-ordered'],
    concurrency: options['spooler-concurrency'],
    frequencyMs: options['spooler-frequency'] * 1000,
    maxTasks: options['spooler-max-tasks'],
    signMs: signPeriod(options['worker-stall'] * 1000),
  };
}
