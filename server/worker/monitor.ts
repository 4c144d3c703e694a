import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { encodeFrame, LINK_FD, type WorkerFrame } from '../wire/frames.js';
import { monotonicMs } from './clock.js';
import type { Memory } from './memory.js';
import { takeSample } from './sample.js';
import { readTail, type Tail } from './stderr-tail.js';

/** What the monitor thread starts with. */
export interface MonitorData {
  readonly buffer: SharedArrayBuffer;
  readonly cores: number;
  /** Milliseconds since 1970 when the monotonic clock stood at 0. */
  readonly wallOrigin: number;
  /** Whether requests have time limits, and how many connections must wait for them to count. */
  readonly harakiri: { readonly queueThreshold: number } | null;
  /** What the application wrote to stderr, see stderr-tail.ts. */
  readonly tail: SharedArrayBuffer;
  /** How long the main thread may take until it sends that it is ready. */
  readonly bootMs: number;
  /** While nothing changes a sign of life is sent after this, milliseconds. */
  readonly signMs: number;
}

/** What the main thread gives it. */
export interface MonitorSettings extends Pick<MonitorData, 'harakiri' | 'bootMs' | 'signMs'> {
  readonly tail: Tail;
}

/** What the monitor thread asks of the main thread. */
export type MonitorMessage = 'drain' | 'exit' | 'orphan' | 'pause' | 'resume';

export interface Monitor {
  /** Who hears what the thread asks of the main thread, from now on and of all that it asked before. */
  listen(onMessage: (message: MonitorMessage) => void): void;
  /** Sends a frame to the master, after a sample of what was counted until now. */
  send(frame: WorkerFrame): void;
  /** Sends the last lines, the last sample and a frame from an 'exit' handler: no thread runs there. */
  last(frame: WorkerFrame | null): void;
  /** Sends a frame from an 'exit' handler, before the last sample. */
  sendLast(frame: WorkerFrame): void;
}

/** Starts the monitor thread. */
export function startMonitor(memory: Memory, { tail, ...settings }: MonitorSettings): Monitor {
  const wallOrigin = Date.now() - monotonicMs();
  const workerData: MonitorData = {
    buffer: memory.buffer,
    cores: memory.cores,
    wallOrigin,
    ...settings,
    tail: tail.buffer,
  };
  const thread = new Worker(new URL('./monitor-thread.packed.js', import.meta.url), {
    name: 'tsuwsgi monitor',
    workerData,
    // Application flags such as --import must not run a second time in this thread.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
  });
  const early: MonitorMessage[] = [];
  let hear = (message: MonitorMessage): void => {
    early.push(message);
  };
  thread.on('message', (message: MonitorMessage) => {
    hear(message);
  });
  thread.on('error', (error) => {
    // Without its monitor a worker can be neither seen nor stopped in order.
    process.stderr.write(`tsuwsgi: the monitor thread failed: ${error.stack ?? error.message}\n`);
    process.exit(1);
  });
  thread.unref();
  return {
    listen(onMessage) {
      hear = onMessage;
      early.splice(0).forEach(onMessage);
    },
    send: (frame) => {
      thread.postMessage(frame);
    },
    last(frame) {
      const sample = takeSample(memory, { now: monotonicMs, origin: wallOrigin });
      const stderr: WorkerFrame = { type: 'stderr', lines: readTail(tail) ?? [] };
      writeLast(stderr, sample, ...(frame === null ? [] : [frame]));
    },
    sendLast: writeLast,
  };
}

function writeLast(...frames: readonly WorkerFrame[]): void {
  try {
    // The thread may have stopped in the middle of a line: an empty one ends it.
    writeSync(LINK_FD, `\n${frames.map(encodeFrame).join('')}`);
  } catch {
    // The master does not read, or is gone: nobody is left to be told.
  }
}
