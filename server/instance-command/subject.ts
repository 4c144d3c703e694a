import { messageOf } from '../../shared/result.js';
import { startOf } from '../ownership/pid-file-owner.js';
import type { InstanceExit } from './exit-codes.js';
import type { LocalMaster } from './locate.js';

/** The instance that an order is for. */
export interface Subject {
  /** As it was named. */
  readonly target: string;
  /** Its master, where it was named by its pid file. */
  readonly local: { readonly master: LocalMaster; readonly pidFile: string } | null;
  /** Its stats server; null where it has none, or that is not ours to know. */
  readonly address: string | null;
  /** Until when to wait, on the monotonic clock. */
  readonly deadline: number;
  /** What a script reads. */
  readonly print: (line: string) => void;
  /** What went wrong. */
  readonly tell: (line: string) => void;
}

/** Says what went wrong, and how the command ends for it. */
export function fails({ tell }: Subject, exit: InstanceExit, line: string): InstanceExit {
  tell(line);
  return exit;
}

/**
 * Signals a master; null, or how the command ends when that cannot be done. It is looked at once
 * more, without a pause in between, so that a later process with its pid is not hit.
 */
export function signal(
  subject: Subject,
  { pid, started }: LocalMaster,
  name: 'SIGTERM' | 'SIGHUP' | 'SIGUSR2',
): InstanceExit | null {
  if (!isThere({ pid, started })) {
    return fails(subject, 'absent', `not running: process ${pid} has just ended`);
  }
  try {
    process.kill(pid, name);
    return null;
  } catch (error) {
    const why = `process ${pid} cannot be sent ${name}: ${messageOf(error)}`;
    return fails(subject, 'failed', `${why}: do it as the user who started it, or as root`);
  }
}

/** Whether a master still runs. */
export function isThere({ pid, started }: LocalMaster): boolean {
  return startOf(pid) === started;
}
