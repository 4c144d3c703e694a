import { randomBytes } from 'node:crypto';
import type { CommandOutcome, CommandResult } from '../control/requester.js';
import type { ProfileFrame, ProfileOrder } from '../wire/profile-frames.js';
import { profileName, type SnapshotDirectory } from './snapshot-directory.js';

/** Has workers write profiles of themselves. */
export interface Profiles {
  /** Asks a process for a CPU profile of so many seconds; one at a time. */
  cpu(worker: number, pid: number, seconds: number): CommandResult;
  /** A process has answered. */
  answer(pid: number, frame: ProfileFrame): void;
  /** A process is gone. */
  gone(pid: number): void;
}

/** How long a worker may take beyond the seconds: to begin, to collect, to write. */
const MARGIN_MS = 30_000;

/** Profiles under way, by the number of their order. */
type Open = Map<
  number,
  { readonly pid: number; readonly end: (ok: boolean, message: string) => void }
>;

/**
 * `send` hands an order to the monitor thread of a process; it may be lost. `directory` is null
 * without `--snapshot-dir`.
 */
export function createProfiles(
  send: (pid: number, order: ProfileOrder) => void,
  directory: SnapshotDirectory | null,
): Profiles {
  const open: Open = new Map();
  let last = 0;
  return {
    cpu(worker, pid, seconds) {
      const who = `worker ${worker} (pid ${pid})`;
      if (directory === null) {
        return refused(
          'not-configured',
          'profiles need --snapshot-dir DIR, where they are written',
        );
      }
      if ([...open.values()].some((recording) => recording.pid === pid)) {
        return refused('busy', `${who} is being profiled already`);
      }
      const random = randomBytes(4).toString('hex');
      const file = directory.place(profileName({ worker, pid, at: Date.now(), random }));
      if (!file.ok) return refused('failed', file.error);
      const order = {
        type: 'profile',
        id: ++last,
        kind: 'cpu',
        seconds,
        file: file.value,
      } as const;
      const outcome = awaited(open, order, pid, who);
      send(pid, order);
      return {
        accepted: true,
        code: 'accepted',
        message: `profiling ${who} for ${seconds} s`,
        outcome,
      };
    },
    answer(pid, { id, problem }) {
      const recording = open.get(id);
      if (recording?.pid === pid) recording.end(problem === null, problem ?? '');
    },
    gone(pid) {
      for (const recording of open.values()) {
        if (recording.pid === pid) recording.end(false, 'the process ended before its profile');
      }
    },
  };
}

/** Waits for the answer to an order, but not for ever. */
function awaited(
  open: Open,
  { id, seconds, file }: ProfileOrder,
  pid: number,
  who: string,
): Promise<CommandOutcome> {
  return new Promise((resolve) => {
    const end = (ok: boolean, message: string): void => {
      clearTimeout(limit);
      open.delete(id);
      const told = ok ? `${seconds} s of CPU profile in ${file}` : message;
      resolve({ ok, code: ok ? 'done' : 'failed', message: `${who}: ${told}` });
    };
    const tooLate = (): void => {
      end(false, 'no profile came: is the process stopped?');
    };
    const limit = setTimeout(tooLate, seconds * 1000 + MARGIN_MS);
    open.set(id, { pid, end });
  });
}

function refused(code: CommandResult['code'], message: string): CommandResult {
  return { accepted: false, code, message };
}
