import type { QueueCommand } from '../../shared/commands.js';
import type { CommandOutcome, CommandResult } from '../control/requester.js';
import type { AnswerFrame, AskFrame, QueueAct } from '../wire/queue-asks.js';

/**
 * Has spoolers look into their queues and set them right: the master itself touches no disk for it,
 * which may be slow.
 */
export interface QueueAsks {
  readonly ask: (command: QueueCommand) => CommandResult;
  answer(frame: AnswerFrame): void;
  /** A process is gone, and answers no more. */
  gone(pid: number): void;
}

export interface QueueAskParts {
  /** The queues, in the order in which slots name them. */
  readonly folders: readonly string[];
  /** A process that works for a queue; undefined: there is none now. */
  readonly worksFor: (queue: number) => number | undefined;
  readonly send: (pid: number, order: AskFrame) => void;
  /** Calls back after so many milliseconds, unless the returned function is called. */
  readonly later: (ms: number, run: () => void) => () => void;
}

/** A spooler whose event loop is blocked may do it later; that is said then. */
const PATIENCE_MS = 10_000;

const ACTS: Readonly<Record<QueueCommand['name'], QueueAct>> = {
  'spooler-retry': 'retry',
  'spooler-drop': 'drop',
  'spooler-pause': 'pause',
  'spooler-resume': 'resume',
  'spooler-tasks': 'tasks',
};

interface Waiting {
  readonly pid: number;
  readonly settle: (ok: boolean, message: string) => void;
}

export function createQueueAsks({ folders, worksFor, send, later }: QueueAskParts): QueueAsks {
  const waiting = new Map<number, Waiting>();
  let last = 0;

  const begin = (pid: number, command: QueueCommand): Promise<CommandOutcome> =>
    new Promise((resolve) => {
      const ask = ++last;
      const settle = (ok: boolean, message: string): void => {
        cancel();
        waiting.delete(ask);
        resolve({ ok, code: ok ? 'done' : 'failed', message });
      };
      const cancel = later(PATIENCE_MS, () => {
        const late = `spooler (pid ${pid}) has not answered within ${PATIENCE_MS / 1000} s`;
        settle(false, `${late}: its event loop may be blocked; it may do it yet`);
      });
      waiting.set(ask, { pid, settle });
      const task = 'task' in command ? command.task : null;
      send(pid, { type: 'ask', ask, act: ACTS[command.name], task });
    });

  return {
    ask(command) {
      const { queue } = command;
      const index = folders.indexOf(queue);
      if (index < 0) return { accepted: false, code: 'not-configured', message: noQueue(folders) };
      const pid = worksFor(index);
      if (pid === undefined) {
        const message = `no spooler of ${queue} works now: try again, or use tsuwsgi spool in a shell`;
        return { accepted: false, code: 'gone', message };
      }
      const message = `asking a spooler of ${queue} (pid ${pid})`;
      return { accepted: true, code: 'accepted', message, outcome: begin(pid, command) };
    },
    answer({ ask, ok, message }) {
      waiting.get(ask)?.settle(ok, message);
    },
    gone(pid) {
      for (const each of [...waiting.values()]) {
        if (each.pid === pid) each.settle(false, `spooler (pid ${pid}) ended before it answered`);
      }
    },
  };
}

function noQueue(folders: readonly string[]): string {
  return folders.length === 0
    ? 'There is no queue: start the instance with --spooler.'
    : `There is no such queue: give the field "queue" of spoolers[], one of ${folders.join(', ')}.`;
}
