import type { KillSignal, LogLevel, ReloadMode } from '../../../shared/commands.js';
import type { Measurement } from './recycle-rules.js';

import type { DropNews } from '../../logging/drop-watch.js';
import type { CertificateNews } from './certificate-news.js';
import type { HarakiriReport } from './harakiri-report.js';
import type { FailedFrame } from '../../wire/spooler-frames.js';
import type { OverdueRun } from './spoolers/spooler-book.js';
import type { Settings } from './settings.js';

/** What can happen to a router, a process of `--http`. */
export type RouterEvent =
  | { readonly type: 'router-spawned'; readonly router: number; readonly pid: number }
  | { readonly type: 'router-spawn-failed'; readonly router: number; readonly message: string }
  /** It accepts connections. */
  | { readonly type: 'router-ready'; readonly pid: number }
  | {
      readonly type: 'router-exited';
      readonly pid: number;
      readonly code: number | null;
      readonly signal: string | null;
      readonly signalNumber: number | null;
      /** The last lines that it wrote to stderr, those of requests excepted. */
      readonly stderr?: readonly string[];
    }
  /** Somebody sent it a signal, or it cannot be trusted any more: it is to be replaced. */
  | { readonly type: 'router-leaves'; readonly pid: number; readonly why: string }
  /** It drains and has nothing left but tunnels, which only a worker or a client can end. */
  | { readonly type: 'router-lingers'; readonly pid: number }
  /** It gives no sign of life. */
  | { readonly type: 'router-stalled'; readonly pid: number; readonly silentMs: number };

/** What can happen to a spooler, a process of `--spooler`. */
export type SpoolerEvent =
  | { readonly type: 'spooler-spawned'; readonly spooler: number; readonly pid: number }
  | { readonly type: 'spooler-spawn-failed'; readonly spooler: number; readonly message: string }
  /** It has loaded its tasks. */
  | { readonly type: 'spooler-ready'; readonly pid: number }
  | {
      readonly type: 'spooler-exited';
      readonly pid: number;
      readonly code: number | null;
      readonly signal: string | null;
      readonly signalNumber: number | null;
      /** The last lines that its tasks wrote to stderr. */
      readonly stderr: readonly string[];
    }
  /** It is to be replaced; `why` ends the sentence "the spooler …". */
  | { readonly type: 'spooler-leaves'; readonly pid: number; readonly why: string }
  /** A task takes too long. */
  | ({ readonly type: 'spooler-overdue' } & OverdueRun)
  /** A task of its queue is not run again; `unsaid` others were before it, and not told of. */
  | ({ readonly type: 'task-failed'; readonly pid: number; readonly unsaid: number } & Pick<
      FailedFrame,
      'id' | 'name' | 'attempts' | 'error'
    >)
  /** It gives no sign of life, and runs nothing. */
  | { readonly type: 'spooler-stalled'; readonly pid: number; readonly silentMs: number };

/** The configuration was read again, and what could be taken of it holds. */
export interface ConfiguredEvent {
  readonly type: 'configured';
  readonly settings: Settings;
  /** `--processes`. */
  readonly workers: number;
  /** Those that were read, absolute. */
  readonly files: readonly string[];
  /** What changed, and what waits for a new master: texts as `processes: 4 → 6`. */
  readonly changed: readonly string[];
  readonly pending: readonly string[];
  /** Set when it is the one from before that is taken again: why. */
  readonly problem?: string;
}

/** It was read again and cannot be used; each problem is a sentence. */
export interface ConfigRefusal {
  readonly type: 'config-refused';
  readonly problems: readonly string[];
}

/** Everything that can happen to the master. Times are monotonic milliseconds, given with `step`. */
export type MasterEvent =
  | RouterEvent
  | SpoolerEvent
  | { readonly type: 'tick' }
  /** A process was started for a worker. */
  | { readonly type: 'spawned'; readonly worker: number; readonly pid: number }
  /** The operating system would not start one. */
  | { readonly type: 'spawn-failed'; readonly worker: number; readonly message: string }
  /** A process accepts connections; without `app` it only answers 500. */
  | {
      readonly type: 'ready';
      readonly pid: number;
      readonly app: boolean;
      readonly loadedInMs: number;
    }
  /** A process asks to be replaced. */
  | { readonly type: 'fault'; readonly pid: number }
  | {
      readonly type: 'exited';
      readonly pid: number;
      readonly code: number | null;
      readonly signal: string | null;
      /** The number of `signal`, as uWSGI logs it. */
      readonly signalNumber: number | null;
      /** The last lines that the application wrote to stderr, as far as they are known. */
      readonly stderr?: readonly string[];
    }
  /**
   * Replace one worker, or all of them. `order` is told the outcome; 0 for nobody. `how` is `rolling`
   * unless it is said; the other ways are for all workers. `renewed` is what came of it that the
   * configuration was read again before.
   */
  | {
      readonly type: 'reload';
      readonly worker: number | 'all';
      readonly order: number;
      readonly how?: ReloadMode;
      readonly renewed?: ConfiguredEvent | ConfigRefusal;
    }
  | {
      readonly type: 'kill';
      readonly pid: number;
      readonly signal: KillSignal;
      readonly order: number;
    }
  /** End everything: draining, or at once. `by` names who asked, for the log. */
  | {
      readonly type: 'stop';
      readonly graceful: boolean;
      readonly by?: string;
      readonly order?: number;
    }
  /** Somebody sent a process a signal. */
  | {
      readonly type: 'signalled';
      readonly pid: number;
      readonly signal: 'SIGHUP' | 'SIGTERM' | 'SIGINT';
    }
  /** What is known of each process; only posted when a rule wants to know. */
  | { readonly type: 'measured'; readonly processes: readonly Measurement[] }
  /** A request of a process took too long. */
  | { readonly type: 'harakiri'; readonly pid: number; readonly report: HarakiriReport }
  /** A process gives no sign of life. */
  | { readonly type: 'stalled'; readonly pid: number; readonly silentMs: number }
  /** One worker more or less. */
  | { readonly type: 'scale'; readonly by: 1 | -1; readonly order?: number }
  /** That many workers. */
  | { readonly type: 'scale-to'; readonly workers: number; readonly order: number }
  /** Stop accepting, or go on; without `paused` the other of the two. */
  | { readonly type: 'pause'; readonly paused?: boolean; readonly order?: number }
  /** What the workers have to do, once a second. */
  | {
      readonly type: 'load';
      /** Connections in the longest accept queue, and requests that wait in routers. */
      readonly queue: number;
      readonly workers: readonly WorkerLoad[];
    }
  /** A certificate was renewed, could not be, or is about to end. */
  | { readonly type: 'certificate'; readonly news: CertificateNews }
  /** A logger began to drop lines, or takes them again. */
  | { readonly type: 'log-drops'; readonly news: DropNews }
  /** Open the files of the log anew, or move them away first. */
  | { readonly type: 'log-files'; readonly how: 'reopen' | 'rotate' }
  | ConfiguredEvent
  /** Totals to the log. */
  | { readonly type: 'statistics' }
  /** Start a new master that takes over. */
  | { readonly type: 'upgrade' }
  /** The new master's workers are ready. */
  | { readonly type: 'successor-ready'; readonly pid: number }
  /** There is no new master, or none any more. */
  | { readonly type: 'successor-failed'; readonly reason: string }
  /** This master is the new one, and serves from now on. */
  | { readonly type: 'taken-over' };

/** What one serving process has to do. */
export interface WorkerLoad {
  readonly pid: number;
  /** Requests inside the application. */
  readonly inFlight: number;
  /** Requests that wait for a place under `--async`. */
  readonly queued: number;
  /** Upgraded connections. */
  readonly upgraded: number;
  /** Microseconds inside requests, since the process started. */
  readonly runningTime: number;
  /** The share of the last second that the event loop was at work, 0 to 1. */
  readonly loop: number;
  /** Bytes. */
  readonly rss: number;
}

/** How much a line of the log matters. */
export type Severity = Exclude<LogLevel, 'debug'>;

/** What is done to processes. */
export type ProcessEffect =
  | { readonly type: 'spawn'; readonly worker: number }
  | { readonly type: 'spawn-router'; readonly router: number }
  | { readonly type: 'spawn-spooler'; readonly spooler: number }
  /** What only spoolers are told: to claim tasks, and to offer again what a dead one had. */
  | { readonly type: 'send-spooler'; readonly pid: number; readonly frame: 'work' | 'recover' }
  /** A spooler of this queue has died: what it had is to be offered again, whoever else lives. */
  | { readonly type: 'recover-queue'; readonly queue: number }
  | {
      readonly type: 'send';
      readonly pid: number;
      readonly frame: 'drain' | 'exit' | 'pause' | 'resume';
    }
  | { readonly type: 'sigkill'; readonly pid: number };

/** What the master wants done. */
export type MasterEffect =
  | ProcessEffect
  | { readonly type: 'log'; readonly line: string; readonly severity?: Severity }
  | {
      readonly type: 'outcome';
      readonly order: number;
      readonly ok: boolean;
      readonly message: string;
      /** Why what a reload has read of the configuration does not hold; absent where it does. */
      readonly problems?: readonly string[];
    }
  /** Every process is gone: the master may end with this exit code. */
  | { readonly type: 'halt'; readonly code: number }
  /** The totals of every worker are to be logged. */
  | { readonly type: 'statistics' }
  | { readonly type: 'log-files'; readonly how: 'reopen' | 'rotate' }
  /** Start a new master on our descriptors. */
  | { readonly type: 'launch-successor' }
  /** Let the new master have everything: it serves from now on. */
  | { readonly type: 'hand-over' }
  /** End the new master, which has not taken over. */
  | { readonly type: 'end-successor' };

const OF_PROCESSES: ReadonlySet<string> = new Set<ProcessEffect['type']>([
  ...(['spawn', 'spawn-router', 'spawn-spooler', 'send-spooler', 'recover-queue'] as const),
  ...(['send', 'sigkill'] as const),
]);

/** Whether an effect is done to a process. */
export function isOfProcesses(effect: MasterEffect): effect is ProcessEffect {
  return OF_PROCESSES.has(effect.type);
}
