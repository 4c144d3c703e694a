/**
 * The control commands, declared once: the server dispatches by this table, the dashboard builds
 * its dialogs and help from it, and the README's table is made from it.
 */

export type CommandName =
  'reload' | 'reload-worker' | 'kill-worker' | 'traceback' | 'scale' | 'pause';

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

export type Command =
  /** `rolling` unless `how` says otherwise. */
  | { readonly name: 'reload'; readonly how?: ReloadMode }
  | ({ readonly name: 'reload-worker' } & WorkerIdentity)
  | ({ readonly name: 'kill-worker'; readonly signal: KillSignal } & WorkerIdentity)
  | ({ readonly name: 'traceback' } & WorkerIdentity)
  | { readonly name: 'scale'; readonly workers: number }
  | { readonly name: 'pause'; readonly paused: boolean };

/** The commands that change something: what the dashboard asks about before it sends it. */
export type ChangingCommand = Exclude<Command, { readonly name: 'traceback' }>;

/** A command that is for one process. */
export type WorkerCommand = Extract<Command, WorkerIdentity>;

/** Whether a command is for one process, and not for the instance. */
export function isForWorker(command: Command): command is WorkerCommand {
  return 'worker' in command;
}
