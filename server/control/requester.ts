import { type Command, isForWorker } from '../../shared/commands.js';
import type { ReplyCode, Role } from '../../shared/protocol.js';

/** Who sent a command, for the log and for whoever executes it. */
export interface Requester {
  /** `127.0.0.1:40112`, or the address of the unix socket that was connected to. */
  readonly peer: string;
  readonly role: Role;
}

/** How an accepted command ended. */
export interface CommandOutcome {
  readonly ok: boolean;
  readonly code: ReplyCode;
  readonly message: string;
  /** See `OutcomeMessage.problems`. */
  readonly problems?: readonly string[];
}

/** What became of a command at once. `outcome` is there when it was accepted and goes on. */
export interface CommandResult {
  readonly accepted: boolean;
  readonly code: ReplyCode;
  readonly message: string;
  readonly outcome?: Promise<CommandOutcome>;
  /** Has told how far it is, a sentence each time, until the outcome. */
  readonly progress?: (tell: (message: string) => void) => void;
}

/** What the master does; replacing the key is the stats server's own. */
export type MasterCommand = Exclude<Command, { readonly name: 'rotate-key' }>;

/** Carries a command out or refuses it; it does not throw. */
export type Execute<C extends Command = MasterCommand> = (
  command: C,
  by: Requester,
) => CommandResult;

/** A command in one line for the log: `kill-worker 2 (pid 4711) KILL`. */
export function describeCommand(command: Command): string {
  const words = isForWorker(command)
    ? [command.name, `${command.worker} (pid ${command.pid})`, detailOf(command)]
    : [command.name === 'pause' && !command.paused ? 'resume' : command.name, detailOf(command)];
  return words.filter((word) => word !== '').join(' ');
}

function detailOf(command: Command): string {
  if ('how' in command) return command.how ?? '';
  if ('signal' in command) return command.signal;
  if ('before' in command) return `${command.before ?? ''} ${command.after ?? ''}`;
  if ('seconds' in command) return `${command.seconds} s`;
  if ('level' in command) return command.level;
  if ('task' in command) return `${command.task} of ${command.queue}`;
  if ('queue' in command) return command.queue;
  return command.name === 'scale' ? String(command.workers) : '';
}
