import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { encodeFrame, LINK_FD, type WorkerFrame } from '../wire/frames.js';
import { monotonicMs } from './clock.js';
import type { Memory } from './memory.js';
import { takeSample } from './sample.js';

/** What the monitor thread starts with. */
export interface MonitorData {
  readonly buffer: SharedArrayBuffer;
  readonly cores: number;
  /** Milliseconds since 1970 when the monotonic clock stood at 0. */
  readonly wallOrigin: number;
}

/** What the monitor thread asks of the main thread. */
export type MonitorMessage = 'drain' | 'exit' | 'orphan';

export interface Monitor {
  /** Sends a frame to the master, after a sample of what was counted until now. */
  send(frame: WorkerFrame): void;
  /** Sends the last sample from an 'exit' handler, where no thread runs any more. */
  last(): void;
  /** Sends a frame from an 'exit' handler, before the last sample. */
  sendLast(frame: WorkerFrame): void;
}

/** Starts the monitor thread; `onMessage` is called on the main thread. */
export function startMonitor(
  memory: Memory,
  onMessage: (message: MonitorMessage) => void,
): Monitor {
  const wallOrigin = Date.now() - monotonicMs();
  const workerData: MonitorData = {
    buffer: memory.buffer,
    cores: memory.cores,
    wallOrigin,
  };
  const thread = new Worker(new URL('./monitor-thread.js', import.meta.url), {
    name: 'tsuwsgi monitor',
    workerData,
    // Application flags such as --import must not run a second time in this thread.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
  });
  thread.on('message', onMessage);
  thread.on('error', (error) => {
    // Without its monitor a worker can be neither seen nor stopped in order.
    process.stderr.write(`tsuwsgi: the monitor thread failed: ${error.stack ?? error.message}\n`);
    process.exit(1);
  });
  thread.unref();
  return {
    send: (frame) => {
      thread.postMessage(frame);
    },
    last() {
      writeLast(takeSample(memory, { now: monotonicMs, origin: wallOrigin }));
    },
    sendLast: writeLast,
  };
}

function writeLast(frame: WorkerFrame): void {
  try {
    // The thread may have stopped in the middle of a line: an empty one ends it.
    writeSync(LINK_FD, `\n${encodeFrame(frame)}`);
  } catch {
    // The master does not read, or is gone: nobody is left to be told.
  }
}
