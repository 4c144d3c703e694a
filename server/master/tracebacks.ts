import type { CommandOutcome } from '../control/requester.js';
import type { TracebackFrame } from '../wire/harakiri-frames.js';

/** Asks workers what they are doing. */
export interface Tracebacks {
  /** Asks a process; settles with its stack as lines of text, or why there is none. */
  ask(worker: number, pid: number): Promise<CommandOutcome>;
  /** A process has answered. */
  answer(pid: number, frame: TracebackFrame): void;
  /** A process is gone. */
  gone(pid: number): void;
}

/** How long a worker gets to answer: its monitor thread runs whatever the application does. */
const ANSWER_MS = 3000;

interface Question {
  readonly pid: number;
  readonly end: (ok: boolean, message: string) => void;
}

/** `send` hands a question to the monitor thread of a process; it may be lost. */
export function createTracebacks(
  send: (pid: number, id: number) => void,
  answerMs = ANSWER_MS,
): Tracebacks {
  const open = new Map<number, Question>();
  let last = 0;
  return {
    ask(worker, pid) {
      const id = ++last;
      return new Promise((resolve) => {
        const end = (ok: boolean, message: string): void => {
          clearTimeout(limit);
          open.delete(id);
          const told = `worker ${worker} (pid ${pid}): ${message}`;
          resolve({ ok, code: ok ? 'done' : 'failed', message: told });
        };
        const limit = setTimeout(() => {
          end(false, `no answer within ${answerMs / 1000} s: is the process stopped?`);
        }, answerMs);
        open.set(id, { pid, end });
        send(pid, id);
      });
    },
    answer(pid, frame) {
      const question = open.get(frame.id);
      if (question?.pid === pid) question.end(true, inWords(frame));
    },
    gone(pid) {
      for (const question of open.values()) {
        if (question.pid === pid) question.end(false, 'the process ended before it answered');
      }
    },
  };
}

function inWords({ kind, stack }: TracebackFrame): string {
  switch (kind) {
    case 'idle':
      return 'idle, no JavaScript is running';
    case 'native':
      return 'in native code, which has no JavaScript stack to take';
    case 'javascript':
      return ['JavaScript, innermost function first', ...stack.map((at) => `  at ${at}`)].join(
        '\n',
      );
  }
}
