import type { MasterFrame } from '../wire/frames.js';
import type { TracebackFrame } from '../wire/harakiri-frames.js';
import type { ProfileFrame, ProfileProgressFrame } from '../wire/profile-frames.js';
import { createComparisons, type ComparisonParts } from './comparisons.js';
import type { Tools } from './orders.js';
import { createProfiles } from './profiles.js';
import { createTracebacks } from './tracebacks.js';

/** What workers answer to what they are asked. */
export type Answer = TracebackFrame | ProfileFrame | ProfileProgressFrame;

/** Whether a worker answers. */
export function isAnswer(frame: { readonly type: string }): frame is Answer {
  return ['traceback', 'profile', 'profile-progress'].includes(frame.type);
}

/** What the master asks of the monitor threads of its workers, and of their snapshots. */
export interface Questions extends Pick<Tools, 'traceback' | 'record' | 'compare'> {
  /** A process has answered. */
  answer(pid: number, frame: Answer): void;
  /** A process is gone. */
  gone(pid: number): void;
}

/** `send` hands a frame to a process; it may be lost. */
export function createQuestions(
  send: (pid: number, frame: MasterFrame) => void,
  parts: ComparisonParts,
): Questions {
  const tracebacks = createTracebacks((pid, id) => {
    send(pid, { type: 'traceback', id });
  });
  const profiles = createProfiles({ send, directory: parts.directory });
  return {
    traceback: (worker, pid) => tracebacks.ask(worker, pid),
    record: (target, wanted) => profiles.record(target, wanted),
    compare: createComparisons(parts),
    answer(pid, frame) {
      if (frame.type === 'traceback') tracebacks.answer(pid, frame);
      else profiles.answer(pid, frame);
    },
    gone(pid) {
      tracebacks.gone(pid);
      profiles.gone(pid);
    },
  };
}
