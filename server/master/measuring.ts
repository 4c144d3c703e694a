import type { UwsgiSocket } from '../../shared/stats.js';
import type { BoundSocket } from './bind.js';
import { countListenOverflows } from './listen-overflows.js';
import { createMemoryRounds } from './memory-rounds.js';
import { type ProcessStats, watchProcesses } from './process-stats.js';
import { createSocketStats } from './socket-stats.js';

/** What the kernel knows of the sockets and the processes, as measured last. */
export interface Measuring {
  readonly sockets: () => readonly UwsgiSocket[];
  /** Connections that wait to be accepted, at the socket where most do. */
  readonly listenQueue: () => number;
  /** Connections that were dropped since the master started. */
  readonly listenQueueErrors: () => number;
  readonly process: (pid: number) => ProcessStats | undefined;
  measureSockets(): void;
  /** Memory and CPU of all processes: others are forgotten. */
  measureProcesses(pids: readonly number[]): void;
  /** What only these processes take of the memory, which costs more to find out. */
  measureOwnMemory(pids: readonly number[]): void;
  /** The same of those whose turn it is; to be called once a second. */
  measureSomeMemory(pids: readonly number[]): void;
}

/** Has measured the sockets once. `backlog` is what the workers ask the kernel for. */
export function createMeasuring(sockets: readonly BoundSocket[], backlog: number): Measuring {
  const measureSockets = createSocketStats(sockets, backlog);
  const countOverflows = countListenOverflows();
  const watch = watchProcesses();
  const rounds = createMemoryRounds();
  let measured = measureSockets();
  let overflows = 0;
  return {
    sockets: () => measured,
    listenQueue: () => Math.max(0, ...measured.map(({ queue }) => queue)),
    listenQueueErrors: () => overflows,
    process: watch.get,
    measureSockets() {
      measured = measureSockets();
      overflows = countOverflows();
    },
    measureProcesses: (pids) => void watch.measure([process.pid, ...pids]),
    measureOwnMemory: (pids) => void watch.measureOwnMemory(pids),
    measureSomeMemory(pids) {
      void watch.measureOwnMemory(rounds.due(pids, performance.now()));
    },
  };
}
