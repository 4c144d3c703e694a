import {
  type ChangingCommand,
  KILL_SIGNALS,
  type KillRow,
  type KillSignal,
  RELOAD_WAYS,
  type ReloadMode,
  type ReloadRow,
} from '../../shared/commands.js';
import type { Model } from './model.js';

/** A row of the menu of reloads; `canary` is the dashboard's own. */
export interface ReloadWay extends Omit<ReloadRow, 'mode'> {
  readonly mode: ReloadMode | 'canary';
  readonly name: string;
}

const CANARY: ReloadWay = {
  mode: 'canary',
  name: 'canary',
  title: 'one first',
  help: 'one worker, then a look: go on or stop',
};

/** What the same command does to a tsuwsgi and to a real uWSGI. */
export interface ServerWays {
  /** What its ways to reload are called, and what they do. */
  readonly reloads: readonly ReloadWay[];
  readonly signals: readonly KillRow[];
  /** The signals that cut off the requests of a worker. */
  readonly cuts: readonly KillSignal[];
  /** Whether a worker is replaced by starting the new process first. */
  readonly newFirst: boolean;
}

export const TSUWSGI_WAYS: ServerWays = {
  reloads: [...RELOAD_WAYS.map((row) => ({ ...row, name: row.mode })), CANARY],
  signals: KILL_SIGNALS,
  cuts: ['INT', 'KILL'],
  newFirst: true,
};

/** As uWSGI 2.0 does it: no new process before the old one is gone. */
export const UWSGI_WAYS: ServerWays = {
  reloads: [
    {
      mode: 'rolling',
      name: 'graceful',
      title: 'all together',
      help: 'all finish, none accepts; the code is new',
    },
    {
      mode: 'chain',
      name: 'chain',
      title: 'one by one',
      help: 'each finishes first; new code with lazy-apps',
    },
    {
      mode: 'brutal',
      name: 'brutal',
      title: 'all at once',
      help: 'all exit at once: requests are cut off',
    },
    CANARY,
  ],
  signals: [
    { signal: 'HUP', title: 'drain', help: 'finish its request, then respawn' },
    { signal: 'TERM', title: 'now', help: 'exit at once: its requests are cut off' },
    { signal: 'INT', title: 'now', help: 'the same' },
    { signal: 'KILL', title: 'SIGKILL', help: 'the kernel ends it, whatever it does' },
  ],
  cuts: ['TERM', 'INT', 'KILL'],
  newFirst: false,
};

/** What commands do to the server that is shown. */
export function waysOf({ shown }: Pick<Model, 'shown'>): ServerWays {
  return isUwsgi({ shown }) ? UWSGI_WAYS : TSUWSGI_WAYS;
}

/** Whether the server that is shown is a real uWSGI. */
export function isUwsgi({ shown }: Pick<Model, 'shown'>): boolean {
  const document = shown?.document;
  return document?.kind === 'instance' && document.instance.server !== 'tsuwsgi';
}

/** What a way to reload is called. */
export function reloadName(ways: ServerWays, mode: ReloadMode = 'rolling'): string {
  return ways.reloads.find((row) => row.mode === mode)?.name ?? mode;
}

/** Whether a command cuts off requests of the worker that it is for. */
export function cutsOff(ways: ServerWays, command: ChangingCommand): boolean {
  return command.name === 'kill-worker' && ways.cuts.includes(command.signal);
}

/** Whether a worker is one fewer for a while after a command. */
export function leavesGap(ways: ServerWays, command: ChangingCommand): boolean {
  if (!ways.newFirst) return command.name === 'kill-worker' || command.name === 'reload-worker';
  return command.name === 'kill-worker' && command.signal !== 'HUP';
}
