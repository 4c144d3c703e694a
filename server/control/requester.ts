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
}

/** What became of a command at once. `outcome` is there when it was accepted and goes on. */
export interface CommandResult {
  readonly accepted: boolean;
  readonly code: ReplyCode;
  readonly message: string;
  readonly outcome?: Promise<CommandOutcome>;
}

/** Carries a command out or refuses it; it does not throw. */
export type Execute = (command: Command, by: Requester) => CommandResult;

/** A command in one line for the log: `kill-worker 2 (pid 4711) KILL`. */
export function describeCommand(command: Command): string {
  if (command.name === 'scale') return `scale ${command.workers}`;
  if (command.name === 'pause') return command.paused ? 'pause' : 'resume';
  if (!isForWorker(command)) {
    return command.how === undefined ? command.name : `${command.name} ${command.how}`;
  }
  const target = `${command.name} ${command.worker} (pid ${command.pid})`;
  return command.name === 'kill-worker' ? `${target} ${command.signal}` : target;
}
