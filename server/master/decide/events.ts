import type { KillSignal } from '../../../shared/commands.js';

/** Everything that can happen to the master. Times are monotonic milliseconds, given with `step`. */
export type MasterEvent =
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
    }
  /** Replace one worker, or all of them. `order` is told the outcome; 0 for nobody. */
  | { readonly type: 'reload'; readonly worker: number | 'all'; readonly order: number }
  | {
      readonly type: 'kill';
      readonly pid: number;
      readonly signal: KillSignal;
      readonly order: number;
    }
  /** End everything: draining, or at once. */
  | { readonly type: 'stop'; readonly graceful: boolean }
  /** Start a new master that takes over. */
  | { readonly type: 'upgrade' }
  /** The new master's workers are ready. */
  | { readonly type: 'successor-ready'; readonly pid: number }
  /** There is no new master, or none any more. */
  | { readonly type: 'successor-failed'; readonly reason: string };

/** What the master wants done. */
export type MasterEffect =
  | { readonly type: 'spawn'; readonly worker: number }
  | { readonly type: 'send'; readonly pid: number; readonly frame: 'drain' | 'exit' }
  | { readonly type: 'sigkill'; readonly pid: number }
  | { readonly type: 'log'; readonly line: string }
  | {
      readonly type: 'outcome';
      readonly order: number;
      readonly ok: boolean;
      readonly message: string;
    }
  /** Every process is gone: the master may end with this exit code. */
  | { readonly type: 'halt'; readonly code: number }
  /** Start a new master on our descriptors. */
  | { readonly type: 'launch-successor' }
  /** Let the new master have everything: it serves from now on. */
  | { readonly type: 'hand-over' }
  /** End the new master, which has not taken over. */
  | { readonly type: 'end-successor' };
