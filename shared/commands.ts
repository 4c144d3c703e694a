/**
 * The control commands, declared once: the server dispatches by this table, the dashboard builds
 * its dialogs and help from it, and the README's table is made from it.
 */

export type CommandName =
  | 'reload'
  | 'reload-worker'
  | 'kill-worker'
  | 'traceback'
  | 'cpu-profile'
  | 'gc'
  | 'heap-snapshot'
  | 'heap-profile'
  | 'compare-snapshots'
  | 'scale'
  | 'pause'
  | 'stop'
  | 'spooler-retry'
  | 'spooler-drop'
  | 'spooler-pause'
  | 'spooler-resume'
  | 'spooler-tasks'
  | 'log-level'
  | 'rotate-key';

/** What a `kill-worker` does with the process; a row of the dashboard's signal menu. */
export type KillSignal = 'TERM' | 'HUP' | 'INT' | 'KILL';

export interface CommandRow {
  readonly name: CommandName;
  /** For dialogs: an imperative without a full stop. */
  readonly title: string;
  readonly help: string;
  /** Whether it acts on one worker, named by id, pid and spawn time. */
  readonly target: 'instance' | 'worker';
}

export const COMMANDS = [
  {
    name: 'reload',
    title: 'Reload all workers',
    help: 'Replaces every worker, a few at a time: the new process is ready before the old one drains. With `how` `chain` one after the other; with `brutal` all exit at once and requests are cut off.',
    target: 'instance',
  },
  {
    name: 'reload-worker',
    title: 'Reload one worker',
    help: 'Replaces one worker: the new process is ready before the old one drains.',
    target: 'worker',
  },
  {
    name: 'kill-worker',
    title: 'Kill one worker',
    help: 'Ends the process of one worker, in the way the signal says; the master respawns it.',
    target: 'worker',
  },
  {
    name: 'traceback',
    title: 'Show the stack of one worker',
    help: 'Tells which JavaScript a worker is running, blocked or not; it goes on some milliseconds later.',
    target: 'worker',
  },
  {
    name: 'cpu-profile',
    title: 'Profile the CPU of one worker',
    help: 'Records for 1 to 60 seconds what a worker runs, blocked or not, and writes a .cpuprofile for DevTools into --snapshot-dir; the outcome names the file.',
    target: 'worker',
  },
  {
    name: 'gc',
    title: 'Collect the garbage of one worker',
    help: 'Has a worker collect all its garbage now, which blocks it meanwhile; the outcome tells its heap and RSS before and after.',
    target: 'worker',
  },
  {
    name: 'heap-snapshot',
    title: 'Write a heap snapshot of one worker',
    help: 'Writes a .heapsnapshot for DevTools into --snapshot-dir, which blocks the worker meanwhile; refused without twice its heap of free memory. The outcome names the file.',
    target: 'worker',
  },
  {
    name: 'heap-profile',
    title: 'Profile the allocations of one worker',
    help: 'Samples for 1 to 60 seconds who allocates in a worker, and writes a .heapprofile for DevTools into --snapshot-dir; the outcome names the file and the top functions.',
    target: 'worker',
  },
  {
    name: 'compare-snapshots',
    title: 'Compare two heap snapshots of one worker',
    help: 'Tells which classes grew between the two newest heap snapshots of a worker, or between two files of --snapshot-dir that are named; a process of its own reads them.',
    target: 'worker',
  },
  {
    name: 'scale',
    title: 'Change the number of workers',
    help: 'Runs as many workers as said, from one (or --cheaper) to --processes; those that go finish their requests.',
    target: 'instance',
  },
  {
    name: 'pause',
    title: 'Pause or resume all workers',
    help: 'Accepts nothing until it is resumed: connections wait in the kernel, requests in flight finish.',
    target: 'instance',
  },
  {
    name: 'stop',
    title: 'Stop the instance',
    help: 'Ends the instance: workers finish their requests within the mercy; with `how` `now` they exit at once.',
    target: 'instance',
  },
  {
    name: 'spooler-retry',
    title: 'Offer a task again',
    help: 'Has a task of a queue that failed or is for later offered at once, with all its retries.',
    target: 'instance',
  },
  {
    name: 'spooler-drop',
    title: 'Drop a task',
    help: 'Removes a task of a queue for good, with its key; one that runs is left alone.',
    target: 'instance',
  },
  {
    name: 'spooler-pause',
    title: 'Pause a queue',
    help: 'Lets no spooler take a task of a queue until it is resumed, over restarts too; what runs goes on.',
    target: 'instance',
  },
  {
    name: 'spooler-resume',
    title: 'Resume a queue',
    help: 'Lets spoolers take tasks of a queue again.',
    target: 'instance',
  },
  {
    name: 'spooler-tasks',
    title: 'List the tasks of a queue',
    help: 'Tells the last 100 tasks of a queue that failed, with their last error, and the next 100 that wait and that are for later: the outcome has a sentence, and then each as JSON in a line of its own.',
    target: 'instance',
  },
  {
    name: 'log-level',
    title: 'Change what the master logs',
    help: "Sets how much of the master's own log is written: error, warn, info or debug; audit lines always are.",
    target: 'instance',
  },
  {
    name: 'rotate-key',
    title: 'Replace the key of control',
    help: 'Writes a new key in the place of the old one; whoever proved the old one may no more than read until they prove the new one.',
    target: 'instance',
  },
] as const satisfies readonly CommandRow[];

export interface KillRow {
  readonly signal: KillSignal;
  readonly title: string;
  readonly help: string;
}

export const KILL_SIGNALS = [
  {
    signal: 'TERM',
    title: 'drain',
    help: 'finish its requests within the mercy, then respawn',
  },
  { signal: 'HUP', title: 'replace', help: 'a new process first, then drain the old one' },
  { signal: 'INT', title: 'now', help: 'exit at once: its requests are cut off' },
  { signal: 'KILL', title: 'SIGKILL', help: 'the kernel ends it: also when its loop is blocked' },
] as const satisfies readonly KillRow[];

/** Names a process beyond doubt: a pid is reused, and an id outlives its process. */
export interface WorkerIdentity {
  readonly worker: number;
  readonly pid: number;
  /** `last_spawn` of the stats document. */
  readonly spawned: number;
}

/**
 * How all workers are replaced:
 * - `rolling`: a few at a time, each new process ready before the old one drains
 * - `chain`: the same, one worker after the other
 * - `brutal`: every process exits at once, requests are cut off, and new ones start
 */
export const RELOAD_MODES = ['rolling', 'chain', 'brutal'] as const;

export type ReloadMode = (typeof RELOAD_MODES)[number];

/** A row of the dashboard's reload menu. */
export interface ReloadRow {
  readonly mode: ReloadMode;
  readonly title: string;
  readonly help: string;
}

export const RELOAD_WAYS = [
  {
    mode: 'rolling',
    title: 'a few at a time',
    help: 'new processes are ready before old ones drain',
  },
  { mode: 'chain', title: 'one by one', help: 'the same, but one worker after the other' },
  { mode: 'brutal', title: 'all at once', help: 'all exit at once: requests are cut off' },
] as const satisfies readonly ReloadRow[];

/**
 * How much the master logs, each level with those before it: `error`: something is lost; `warn`:
 * somebody should look; `info`: what happens; `debug`: every event that the master decides on.
 */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export const STOP_MODES = ['graceful', 'now'] as const;

/** Seconds of a CPU or heap profile. */
export const PROFILE_SECONDS = { min: 1, max: 60 } as const;

export type Command =
  /** `rolling` unless `how` says otherwise. */
  | { readonly name: 'reload'; readonly how?: ReloadMode }
  | ({ readonly name: 'reload-worker' } & WorkerIdentity)
  | ({ readonly name: 'kill-worker'; readonly signal: KillSignal } & WorkerIdentity)
  | ({ readonly name: 'traceback' } & WorkerIdentity)
  /** `seconds` within `PROFILE_SECONDS`. */
  | ({ readonly name: 'cpu-profile'; readonly seconds: number } & WorkerIdentity)
  | ({ readonly name: 'gc' } & WorkerIdentity)
  | ({ readonly name: 'heap-snapshot' } & WorkerIdentity)
  /** `seconds` within `PROFILE_SECONDS`. */
  | ({ readonly name: 'heap-profile'; readonly seconds: number } & WorkerIdentity)
  /** Two bare names of files in --snapshot-dir; without them the two newest of that process. */
  | ({
      readonly name: 'compare-snapshots';
      readonly before?: string;
      readonly after?: string;
    } & WorkerIdentity)
  | { readonly name: 'scale'; readonly workers: number }
  | { readonly name: 'pause'; readonly paused: boolean }
  /** `graceful` unless `how` says otherwise. */
  | { readonly name: 'stop'; readonly how?: (typeof STOP_MODES)[number] }
  | QueueCommand
  | { readonly name: 'log-level'; readonly level: LogLevel }
  | { readonly name: 'rotate-key' };

/** The commands that act on a queue: `queue` is as in `spoolers[]`, `task` the id of a task. */
export type QueueCommand = QueueChange | { readonly name: 'spooler-tasks'; readonly queue: string };

/** Those of them that change something. */
export type QueueChange = TaskChange | QueuePause;

/** What is done with one task. */
export interface TaskChange {
  readonly name: 'spooler-retry' | 'spooler-drop';
  readonly queue: string;
  readonly task: string;
}

/** Whether tasks of a queue may be claimed. */
export interface QueuePause {
  readonly name: 'spooler-pause' | 'spooler-resume';
  readonly queue: string;
}

/** Whether a command acts on a queue. */
export function isForQueue(command: Command): command is QueueCommand {
  return 'queue' in command;
}

/** The commands that the dashboard asks about before it sends them. */
export type ChangingCommand = Extract<
  Command,
  {
    readonly name:
      | ('reload' | 'reload-worker' | 'kill-worker' | 'scale' | 'pause')
      | MemoryCommand['name']
      | QueueChange['name'];
  }
>;

/** The commands that act on the memory of one worker. */
export type MemoryCommand = Extract<
  Command,
  { readonly name: 'gc' | 'heap-snapshot' | 'heap-profile' | 'compare-snapshots' }
>;

/** Whether a command tells how far it is, for whom it may last. */
export function tellsProgress({ name }: Command): boolean {
  return name === 'heap-snapshot';
}

/** Whether a command acts on the memory of one worker. */
export function isForMemory(command: Command): command is MemoryCommand {
  return ['gc', 'heap-snapshot', 'heap-profile', 'compare-snapshots'].includes(command.name);
}

/** A command that is for one process. */
export type WorkerCommand = Extract<Command, WorkerIdentity>;

/** Whether a command is for one process, and not for the instance. */
export function isForWorker(command: Command): command is WorkerCommand {
  return 'worker' in command;
}
