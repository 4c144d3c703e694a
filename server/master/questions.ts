import type { MasterFrame } from '../wire/frames.js';
import type { TracebackFrame } from '../wire/harakiri-frames.js';
import type { ProfileFrame } from '../wire/profile-frames.js';
import type { Tools } from './orders.js';
import { createProfiles } from './profiles.js';
import type { SnapshotDirectory } from './snapshot-directory.js';
import { createTracebacks } from './tracebacks.js';

/** What the master asks of the monitor threads of its workers. */
export interface Questions extends Pick<Tools, 'traceback' | 'cpuProfile'> {
  /** A process has answered. */
  answer(pid: number, frame: TracebackFrame | ProfileFrame): void;
  /** A process is gone. */
  gone(pid: number): void;
}

/** `send` hands a frame to a process; it may be lost. */
export function createQuestions(
  send: (pid: number, frame: MasterFrame) => void,
  directory: SnapshotDirectory | null,
): Questions {
  const tracebacks = createTracebacks((pid, id) => {
    send(pid, { type: 'traceback', id });
  });
  const profiles = createProfiles(send, directory);
  return {
    traceback: (worker, pid) => tracebacks.ask(worker, pid),
    cpuProfile: (worker, pid, seconds) => profiles.cpu(worker, pid, seconds),
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
