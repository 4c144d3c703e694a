import {
  COMMANDS,
  KILL_SIGNALS,
  LOG_LEVELS,
  PROFILE_SECONDS,
  RELOAD_MODES,
  STOP_MODES,
  type Command,
  type CommandName,
  type WorkerIdentity,
} from './commands.js';
import { integerIn, numberIn, textUpTo, wordOf, wrong, type Fields } from './fields.js';
import { isSnapshotName } from './memory/snapshot/file-name.js';
import { ok, type Result } from './result.js';

const MAX_PID = 2 ** 31 - 1;

type Reader = (fields: Fields) => Result<Command, string>;

/** Reads a control command; what it does not know is refused with one sentence. */
export function readCommand(fields: Fields): Result<Command, string> {
  const name = wordOf(
    fields['name'],
    COMMANDS.map((row) => row.name),
  );
  if (name === undefined) return wrong('command', 'name', fields, 'a command of this server');
  return READERS[name](fields);
}

/** How each command is read. */
const READERS: Readonly<Record<CommandName, Reader>> = {
  reload(fields) {
    if (fields['how'] === undefined) return ok({ name: 'reload' });
    const how = wordOf(fields['how'], RELOAD_MODES);
    if (how === undefined) return wrong('reload', 'how', fields, oneOf(RELOAD_MODES));
    return ok({ name: 'reload', how });
  },
  'reload-worker': (fields) => forWorker(fields, { name: 'reload-worker' }),
  'kill-worker'(fields) {
    const words = KILL_SIGNALS.map((row) => row.signal);
    const signal = wordOf(fields['signal'], words);
    if (signal === undefined) return wrong('kill-worker', 'signal', fields, oneOf(words));
    return forWorker(fields, { name: 'kill-worker', signal });
  },
  traceback: (fields) => forWorker(fields, { name: 'traceback' }),
  'cpu-profile': (fields) => readProfile(fields, 'cpu-profile'),
  gc: (fields) => forWorker(fields, { name: 'gc' }),
  'heap-snapshot'(fields) {
    return fileless(fields, 'heap-snapshot') ?? forWorker(fields, { name: 'heap-snapshot' });
  },
  'heap-profile': (fields) => readProfile(fields, 'heap-profile'),
  'compare-snapshots': readComparison,
  scale(fields) {
    const workers = integerIn(fields['workers'], 1, 1_000_000);
    if (workers === undefined) return wrong('scale', 'workers', fields, 'a number of workers');
    return ok({ name: 'scale', workers });
  },
  pause(fields) {
    const paused = fields['paused'];
    if (typeof paused !== 'boolean') return wrong('pause', 'paused', fields, 'true or false');
    return ok({ name: 'pause', paused });
  },
  stop(fields) {
    if (fields['how'] === undefined) return ok({ name: 'stop' });
    const how = wordOf(fields['how'], STOP_MODES);
    if (how === undefined) return wrong('stop', 'how', fields, oneOf(STOP_MODES));
    return ok({ name: 'stop', how });
  },
  'spooler-retry': (fields) => forTask(fields, 'spooler-retry'),
  'spooler-drop': (fields) => forTask(fields, 'spooler-drop'),
  'spooler-pause': (fields) => forQueue(fields, 'spooler-pause'),
  'spooler-resume': (fields) => forQueue(fields, 'spooler-resume'),
  'spooler-tasks': (fields) => forQueue(fields, 'spooler-tasks'),
  'log-level'(fields) {
    const level = wordOf(fields['level'], LOG_LEVELS);
    if (level === undefined) return wrong('log-level', 'level', fields, oneOf(LOG_LEVELS));
    return ok({ name: 'log-level', level });
  },
  'rotate-key': () => ok({ name: 'rotate-key' }),
};

function readProfile<N extends 'cpu-profile' | 'heap-profile'>(
  fields: Fields,
  name: N,
): Result<{ readonly name: N; readonly seconds: number } & WorkerIdentity, string> {
  const { min, max } = PROFILE_SECONDS;
  const seconds = integerIn(fields['seconds'], min, max);
  if (seconds === undefined) {
    return wrong(name, 'seconds', fields, `a whole number, ${min} to ${max}`);
  }
  return fileless(fields, name) ?? forWorker(fields, { name, seconds });
}

/** Both names or none, and neither of them a path. */
function readComparison(fields: Fields): Result<Command, string> {
  const name = 'compare-snapshots';
  const { before, after } = fields;
  if (before === undefined && after === undefined) return forWorker(fields, { name });
  const wanted = 'the name of a .heapsnapshot in --snapshot-dir, without a path';
  if (!isSnapshotName(before)) return wrong(name, 'before', fields, wanted);
  if (!isSnapshotName(after)) return wrong(name, 'after', fields, wanted);
  return forWorker(fields, { name, before, after });
}

/** A client that thinks it could choose the file must not believe that it has. */
function fileless(fields: Fields, name: CommandName): Result<never, string> | null {
  if (fields['file'] === undefined) return null;
  return wrong(name, 'file', fields, 'for a client to say: the server names its files');
}

/** Longer paths no system has, and longer ids no queue. */
const MAX_QUEUE = 4096;
const MAX_TASK = 64;

function forQueue<N extends CommandName>(
  fields: Fields,
  name: N,
): Result<{ readonly name: N; readonly queue: string }, string> {
  const queue = textUpTo(fields['queue'], MAX_QUEUE);
  if (queue === undefined) return wrong(name, 'queue', fields, 'the queue of a spooler');
  return ok({ name, queue });
}

function forTask(fields: Fields, name: 'spooler-retry' | 'spooler-drop'): Result<Command, string> {
  const task = textUpTo(fields['task'], MAX_TASK);
  if (task === undefined || !/^[\w-]+$/.test(task)) {
    return wrong(name, 'task', fields, 'the id of a task');
  }
  const queue = forQueue(fields, name);
  return queue.ok ? ok({ ...queue.value, task }) : queue;
}

function oneOf(words: readonly string[]): string {
  return `one of ${words.join(', ')}`;
}

/** Adds to what was read the process that is meant. */
function forWorker<C extends { readonly name: CommandName }>(
  fields: Fields,
  command: C,
): Result<C & WorkerIdentity, string> {
  const { name } = command;
  const worker = integerIn(fields['worker'], 1, 1_000_000);
  if (worker === undefined) return wrong(name, 'worker', fields, 'a worker id');
  const pid = integerIn(fields['pid'], 1, MAX_PID);
  if (pid === undefined) return wrong(name, 'pid', fields, 'a process id');
  const spawned = numberIn(fields['spawned'], 0, Number.MAX_SAFE_INTEGER);
  if (spawned === undefined) return wrong(name, 'spawned', fields, 'seconds since 1970');
  return ok({ ...command, worker, pid, spawned });
}
