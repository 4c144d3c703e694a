import { type ChildProcess, spawn } from 'node:child_process';
import { messageOf } from '../../shared/result.js';
import type { Log } from '../log.js';
import type { Manager } from './manager.js';
import { enqueue, isPassing, type Notification, wordsOf } from './outbox.js';

/** Sends notifications, one after the other, and never makes the caller wait. */
export interface Notifier {
  send(notification: Notification): void;
  /** Settles when everything was sent or given up, or after `limitMs`. */
  flushed(limitMs: number): Promise<void>;
}

/** systemd-notify gives up after 5 s by itself, when the manager does not take the message. */
const LIMIT_MS = 6000;
/** How often what must not be lost is sent, and how long it waits in between. */
const TRIES = 3;
const RETRY_MS = 1000;
const MAX_REASON = 300;

/**
 * Sends by systemd-notify(1): Node has no unix datagrams, and that program comes with whatever set
 * NOTIFY_SOCKET. It waits until the manager has read the message, so that the manager still knows
 * whose child it came from. `program` is another one only in tests.
 */
export function createNotifier(
  { socket, path }: Pick<Manager, 'socket' | 'path'>,
  log: Log,
  program = 'systemd-notify',
): Notifier {
  let waiting: readonly Notification[] = [];
  let underWay: Promise<void> | null = null;
  let isFailing = false;
  let isMissing = false;

  const attempt = async (notification: Notification): Promise<boolean> => {
    const env = { NOTIFY_SOCKET: socket, ...(path === undefined ? {} : { PATH: path }) };
    const problem = await runOnce(program, wordsOf(notification), env);
    isMissing = problem === MISSING;
    if (problem !== null && !isFailing) log(complaint(program, problem), 'warn');
    if (problem === null && isFailing)
      log('the service manager is told again how this instance is');
    isFailing = problem !== null;
    return problem === null;
  };
  const deliver = async (notification: Notification): Promise<void> => {
    const tries = isPassing(notification) ? 1 : TRIES;
    for (let left = tries; left > 0 && !isMissing; left--) {
      if (await attempt(notification)) return;
      if (left > 1) await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    }
  };
  const work = async (): Promise<void> => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      waiting = waiting.slice(1);
      await deliver(next);
    }
    underWay = null;
  };
  return {
    send(notification) {
      if (isMissing) return;
      waiting = enqueue(waiting, notification);
      underWay ??= work();
    },
    async flushed(limitMs) {
      let limit: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (limit = setTimeout(resolve, limitMs)));
      await Promise.race([underWay, late]);
      clearTimeout(limit);
    },
  };
}

const MISSING = 'it is not installed';

function complaint(program: string, problem: string): string {
  const remedy =
    problem === MISSING
      ? 'install it (package systemd), or take NOTIFY_SOCKET out of the environment'
      : 'the unit needs NotifyAccess=all; it is tried again';
  return `the service manager cannot be told how this instance is: ${program}: ${problem}; ${remedy}`;
}

/** Runs it to its end; what went wrong, null when nothing did. */
function runOnce(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn(program, words, {
        ...{ env, timeout: LIMIT_MS, killSignal: 'SIGKILL' },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
    } catch (error) {
      resolve(messageOf(error));
      return;
    }
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(0, MAX_REASON);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'ENOENT' ? MISSING : messageOf(error));
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve(null);
      else resolve(said.trim() || `it ended: ${signal ?? `exit code ${code ?? 'unknown'}`}`);
    });
  });
}
