import { closeSync, fstatSync, writeSync } from 'node:fs';
import { bootVerdict } from '../master/decide/upgrade.js';
import type { MasterState } from '../master/decide/state.js';
import {
  DAEMON_VARIABLE,
  encodeLauncherFrame,
  LAUNCHER_FD,
  type LauncherFrame,
} from './launcher-frames.js';

/** The command that waits, in front of an instance in the background, until it serves. */
export interface Launcher {
  /** Whether it still waits. */
  isWaiting(): boolean;
  /**
   * To be called with every new state; the reason when the instance is to end, because one of its
   * processes did not get ready: who starts it must not be left with half of it.
   */
  observe(state: MasterState): string | null;
  /** Tells the exit code of an instance that did not get to serve. */
  ended(code: number): void;
}

/** Takes what the command left out of the environment; null where no command waits. */
export function takeLauncher(env: NodeJS.ProcessEnv): Launcher | null {
  const isDaemon = env[DAEMON_VARIABLE] !== undefined;
  Reflect.deleteProperty(env, DAEMON_VARIABLE);
  if (!isDaemon || !isSocket(LAUNCHER_FD)) return null;
  let waiting = true;
  const tell = (frame: LauncherFrame): void => {
    try {
      writeSync(LAUNCHER_FD, encodeLauncherFrame(frame));
    } catch {
      // The command was killed: the instance goes on.
    }
  };
  const leave = (): void => {
    waiting = false;
    closeSync(LAUNCHER_FD);
  };
  let hasFailed = false;
  tell({ type: 'started', pid: process.pid });
  return {
    isWaiting: () => waiting,
    observe(state) {
      if (!waiting || hasFailed) return null;
      const verdict = bootVerdict(state);
      if (verdict.type === 'pending') return null;
      tell(verdict.type === 'ready' ? { type: 'serving' } : verdict);
      if (verdict.type === 'ready') {
        leave();
        return null;
      }
      hasFailed = true;
      return verdict.reason;
    },
    ended(code) {
      if (!waiting) return;
      tell({ type: 'ended', code });
      leave();
    },
  };
}

function isSocket(fd: number): boolean {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
}
