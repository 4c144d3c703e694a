import { assertNever } from '../../shared/result.js';
import {
  isForQueue,
  isForWorker,
  type LogLevel,
  type QueueCommand,
  type WorkerCommand,
  type WorkerIdentity,
} from '../../shared/commands.js';
import type { StatsDocument } from '../../shared/stats.js';
import type {
  CommandOutcome,
  CommandResult,
  Execute,
  MasterCommand,
} from '../control/requester.js';
import type { MasterEffect, MasterEvent } from './decide/events.js';
import type { Compare, Compared } from './comparisons.js';
import type { Recorded, Wanted } from './profiles.js';

/** Turns control commands into events for the arbiter, and its outcomes into answers. */
export interface Orders {
  readonly execute: Execute;
  /** Tells the requester of an order how it ended. */
  conclude(ended: Extract<MasterEffect, { type: 'outcome' }>): void;
}

/** What is done without an event, since no decision depends on it. */
export interface Tools {
  /** See `Tracebacks.ask`. */
  readonly traceback: (worker: number, pid: number) => Promise<CommandOutcome>;
  /** See `Profiles.record`. */
  readonly record: (target: Recorded, wanted: Wanted) => CommandResult;
  /** See `createComparisons`. */
  readonly compare: Compare;
  /** See `QueueAsks.ask`. */
  readonly askQueue: (command: QueueCommand) => CommandResult;
  readonly setLogLevel: (level: LogLevel) => void;
}

/**
 * `document` is what the requester could see: a command is carried out only on the very process it
 * names, by worker id, pid and spawn time.
 */
export function createOrders(
  post: (event: MasterEvent) => void,
  document: () => StatsDocument,
  tools: Tools,
): Orders {
  const waiting = new Map<number, (outcome: CommandOutcome) => void>();
  let last = 0;
  const accept = (message: string, event: (order: number) => MasterEvent): CommandResult => {
    const order = ++last;
    const outcome = new Promise<CommandOutcome>((resolve) => waiting.set(order, resolve));
    // After the reply: an order that is refused by the arbiter has its outcome at once.
    queueMicrotask(() => {
      post(event(order));
    });
    return { accepted: true, code: 'accepted', message, outcome };
  };
  const forAll = (command: Exclude<MasterCommand, WorkerCommand>): CommandResult => {
    if (command.name === 'log-level') return setLevel(tools, command.level);
    if (isForQueue(command)) return tools.askQueue(command);
    const { message, event } = forInstance(command);
    return accept(message, event);
  };
  const run = (command: MasterCommand): CommandResult => {
    if (!isForWorker(command)) return forAll(command);
    const gone = missing(document(), command);
    if (gone !== null) return { accepted: false, code: 'gone', message: gone };
    const { worker, pid } = command;
    switch (command.name) {
      case 'reload-worker':
        return accept(`reloading worker ${worker}`, (order) => ({ type: 'reload', worker, order }));
      case 'kill-worker': {
        const { signal } = command;
        const message = `worker ${worker}: ${signal} for pid ${pid}`;
        return accept(message, (order) => ({ type: 'kill', pid, signal, order }));
      }
      case 'traceback': {
        const message = `asking worker ${worker} (pid ${pid}) for its stack`;
        return { accepted: true, code: 'accepted', message, outcome: tools.traceback(worker, pid) };
      }
      case 'compare-snapshots':
        return tools.compare({ worker, pid, names: namesOf(command) });
      case 'cpu-profile':
      case 'heap-profile':
      case 'gc':
      case 'heap-snapshot':
        return tools.record(recordedBy(document(), command), wantedOf(command));
      default:
        return assertNever(command);
    }
  };
  return {
    execute: run,
    conclude({ order, ok, message, problems }) {
      const why = problems === undefined ? {} : { problems };
      waiting.get(order)?.({ ok, code: ok ? 'done' : 'failed', message, ...why });
      waiting.delete(order);
    },
  };
}

function setLevel(tools: Tools, level: LogLevel): CommandResult {
  tools.setLogLevel(level);
  const message = `the master logs ${level === 'error' ? 'errors' : `${level} and what matters more`}`;
  const outcome = Promise.resolve({ ok: true, code: 'done', message } as const);
  return { accepted: true, code: 'accepted', message: `log level ${level}`, outcome };
}

/** What a command to the whole instance means. */
function forInstance(
  command: Exclude<MasterCommand, WorkerCommand | QueueCommand | { readonly name: 'log-level' }>,
): {
  readonly message: string;
  readonly event: (order: number) => MasterEvent;
} {
  switch (command.name) {
    case 'reload': {
      const { how = 'rolling' } = command;
      return {
        message: 'reloading all workers',
        event: (order) => ({ type: 'reload', worker: 'all', order, how }),
      };
    }
    case 'scale': {
      const { workers } = command;
      return {
        message: `scaling to ${workers} workers`,
        event: (order) => ({ type: 'scale-to', workers, order }),
      };
    }
    case 'pause': {
      const { paused } = command;
      return {
        message: paused ? 'pausing' : 'resuming',
        event: (order) => ({ type: 'pause', paused, order }),
      };
    }
    case 'stop': {
      const graceful = command.how !== 'now';
      return {
        message: graceful ? 'stopping' : 'stopping at once',
        event: (order) => ({ type: 'stop', graceful, by: 'the command stop', order }),
      };
    }
  }
}

/** What a worker is to record. */
function wantedOf(
  command: Extract<
    WorkerCommand,
    { readonly name: 'cpu-profile' | 'heap-profile' | 'gc' | 'heap-snapshot' }
  >,
): Wanted {
  switch (command.name) {
    case 'cpu-profile':
      return { kind: 'cpu', seconds: command.seconds };
    case 'heap-profile':
      return { kind: 'heap-profile', seconds: command.seconds };
    case 'gc':
    case 'heap-snapshot':
      return { kind: command.name, seconds: 0 };
  }
}

/** The two snapshots that are named; null when none are. */
function namesOf({
  before,
  after,
}: Extract<WorkerCommand, { readonly name: 'compare-snapshots' }>): Compared['names'] {
  return before === undefined || after === undefined ? null : [before, after];
}

/** The process that a command names, with what its heap takes. */
function recordedBy({ workers }: StatsDocument, { worker, pid }: WorkerIdentity): Recorded {
  const heap = workers.find(({ id }) => id === worker)?.heap_total ?? 0;
  return { worker, pid, heap };
}

/** Why a command cannot be meant for the process that now runs; null when it is the same one. */
function missing(document: StatsDocument, target: WorkerIdentity): string | null {
  const worker = document.workers.find(({ id }) => id === target.worker);
  if (worker === undefined) return `there is no worker ${target.worker}`;
  if (worker.pid === target.pid && worker.last_spawn === target.spawned) return null;
  if (worker.pid === 0) return `worker ${target.worker} has no process now`;
  return `worker ${target.worker} is another process by now (pid ${worker.pid})`;
}
