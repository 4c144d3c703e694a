import { randomBytes } from 'node:crypto';
import { err, ok, type Result } from '../../shared/result.js';
import type { CommandOutcome, CommandResult } from '../control/requester.js';
import type {
  ProfileFrame,
  ProfileOrder,
  ProfileProgressFrame,
  RecordingKind,
} from '../wire/profile-frames.js';
import { memoryRoom, type MemoryRoom } from './memory-room.js';
import { recordingName, type SnapshotDirectory } from './snapshot-directory.js';
import { diskShortage, memoryShortage } from './snapshot-needs.js';

/** What is asked for. */
export interface Wanted {
  readonly kind: RecordingKind;
  /** Of a profile; 0 for the others. */
  readonly seconds: number;
}

/** The process that records itself. */
export interface Recorded {
  readonly worker: number;
  readonly pid: number;
  /** Bytes that its JavaScript heap takes; 0 when that is not known. */
  readonly heap: number;
}

/** Has workers record themselves. */
export interface Profiles {
  /** Asks a process for one recording; one at a time. */
  record(target: Recorded, wanted: Wanted): CommandResult;
  /** A process has answered. */
  answer(pid: number, frame: ProfileFrame | ProfileProgressFrame): void;
  /** A process is gone. */
  gone(pid: number): void;
}

/** What recordings need from outside. */
export interface ProfileParts {
  /** Hands an order to the monitor thread of a process; it may be lost. */
  readonly send: (pid: number, order: ProfileOrder) => void;
  /** Null without `--snapshot-dir`. */
  readonly directory: SnapshotDirectory | null;
  /** How much memory is free. */
  readonly room?: () => MemoryRoom;
}

/** What is said of each kind. */
const WORDS: Readonly<
  Record<
    RecordingKind,
    { readonly begins: (who: string, wanted: Wanted) => string; readonly name: string }
  >
> = {
  cpu: { name: 'profile', begins: (who, { seconds }) => `profiling ${who} for ${seconds} s` },
  gc: { name: 'collection', begins: (who) => `collecting the garbage of ${who}` },
  'heap-snapshot': { name: 'snapshot', begins: (who) => `writing a heap snapshot of ${who}` },
  'heap-profile': {
    name: 'profile',
    begins: (who, { seconds }) => `profiling the allocations of ${who} for ${seconds} s`,
  },
};

/** How long a worker may be silent beyond the seconds: to begin, to collect, to write. */
const MARGIN_MS: Readonly<Record<RecordingKind, number>> = {
  cpu: 30_000,
  gc: 75_000,
  // Between the collection that comes first, and the serialising, V8 says nothing.
  'heap-snapshot': 120_000,
  'heap-profile': 30_000,
};

/** A recording under way. */
interface Open {
  readonly pid: number;
  readonly order: ProfileOrder;
  readonly end: (ok: boolean, message: string) => void;
  readonly heard: (stage: string) => void;
}

/** Nothing is decided here that a client could say: neither a name nor a size. */
export function createProfiles({ send, directory, room = memoryRoom }: ProfileParts): Profiles {
  const open = new Map<number, Open>();
  let last = 0;
  return {
    record(target, wanted) {
      const { worker, pid } = target;
      const who = `worker ${worker} (pid ${pid})`;
      const words = WORDS[wanted.kind];
      if ([...open.values()].some((recording) => recording.pid === pid)) {
        return refused('busy', `${who} is being profiled already`);
      }
      const isSnapshot = wanted.kind === 'heap-snapshot';
      const tight = isSnapshot ? memoryShortage(target, room()) : null;
      if (tight !== null) return refused('failed', tight);
      // The folder is made now, where it was not there: before that nobody tells what is free in it.
      const file = placed(directory, target, wanted.kind);
      if (!file.ok) return file.error;
      const full = isSnapshot && directory !== null ? diskShortage(target, directory) : null;
      if (full !== null) return refused('failed', full);
      const order: ProfileOrder = {
        ...{ type: 'profile', id: ++last, ...wanted },
        file: file.value,
        room: directory?.room ?? 0,
      };
      const message = words.begins(who, wanted);
      const under = awaited(open, order, pid, who);
      send(pid, order);
      return { accepted: true, code: 'accepted', message, ...under };
    },
    answer(pid, frame) {
      const recording = open.get(frame.id);
      if (recording?.pid !== pid) return;
      if (frame.type === 'profile-progress') {
        recording.heard(frame.stage);
        return;
      }
      const isGood = frame.problem === null;
      recording.end(isGood, frame.problem ?? toldOf(recording.order, frame.found));
    },
    gone(pid) {
      for (const recording of open.values()) {
        const { name } = WORDS[recording.order.kind];
        if (recording.pid === pid) recording.end(false, `the process ended before its ${name}`);
      }
    },
  };
}

/** Where a recording goes: nowhere for what needs no file. The error is the refusal. */
function placed(
  directory: SnapshotDirectory | null,
  { worker, pid }: Recorded,
  kind: RecordingKind,
): Result<string, CommandResult> {
  if (kind === 'gc') return ok('');
  if (directory === null) {
    const text = `${WORDS[kind].name}s need --snapshot-dir DIR, where they are written`;
    return err(refused('not-configured', text));
  }
  const random = randomBytes(4).toString('hex');
  const file = directory.place(recordingName(kind, { worker, pid, at: Date.now(), random }));
  return file.ok ? file : err(refused('failed', file.error));
}

/** How a recording ended well. */
function toldOf({ kind, seconds, file }: ProfileOrder, found: string): string {
  switch (kind) {
    case 'cpu':
      return `${seconds} s of CPU profile in ${file}`;
    case 'gc':
      return found;
    case 'heap-snapshot':
      return `heap snapshot in ${file}: ${found}`;
    case 'heap-profile':
      return `${seconds} s of heap profile in ${file}\n${found}`;
  }
}

/** Waits for the answer to an order, but not for ever. */
function awaited(
  open: Map<number, Open>,
  order: ProfileOrder,
  pid: number,
  who: string,
): Pick<CommandResult, 'outcome' | 'progress'> {
  const { id, kind, seconds } = order;
  let tell: (message: string) => void = () => undefined;
  const outcome = new Promise<CommandOutcome>((resolve) => {
    const end = (ok: boolean, message: string): void => {
      clearTimeout(limit);
      open.delete(id);
      resolve({ ok, code: ok ? 'done' : 'failed', message: `${who}: ${message}` });
    };
    const patience = (): NodeJS.Timeout =>
      setTimeout(
        () => {
          end(false, `no ${WORDS[kind].name} came: is the process stopped?`);
        },
        seconds * 1000 + MARGIN_MS[kind],
      );
    let limit = patience();
    const heard = (stage: string): void => {
      clearTimeout(limit);
      limit = patience();
      tell(`${who}: ${stage}`);
    };
    open.set(id, { pid, order, end, heard });
  });
  return { outcome, progress: (listener) => void (tell = listener) };
}

function refused(code: CommandResult['code'], message: string): CommandResult {
  return { accepted: false, code, message };
}
