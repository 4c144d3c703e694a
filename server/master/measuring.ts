import type { UwsgiSocket } from '../../shared/stats.js';
import type { ServedSocket } from './bind.js';
import { readSurroundings, type Surroundings, watchSurroundings } from './control-group.js';
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
  /** What the control group of the master allows and suffers, at most a second ago. */
  readonly surroundings: () => Surroundings;
  /** Memory and CPU of the master and of all these processes: others are forgotten. */
  measureProcesses(pids: readonly number[]): void;
  /**
   * What is shared and unshared of their memory, which costs more to find out: of those whose turn
   * it is. To be called once a second.
   */
  measureSomeMemory(pids: readonly number[]): void;
}

/** Has measured the sockets once. `backlog` is what the workers ask the kernel for. */
export function createMeasuring(sockets: readonly ServedSocket[], backlog: number): Measuring {
  const measureSockets = createSocketStats(sockets, backlog);
  const countOverflows = countListenOverflows();
  const watch = watchProcesses();
  const rounds = createMemoryRounds();
  let measured = measureSockets();
  let overflows = 0;
  let isWalking = false;
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
    surroundings: watchSurroundings(
      () => readSurroundings(),
      () => performance.now(),
    ),
    measureSomeMemory(pids) {
      if (isWalking) return;
      isWalking = true;
      const begun = performance.now();
      // What was not measured at all yet has nothing that this could be added to.
      const known = [process.pid, ...pids].filter((pid) => watch.get(pid) !== undefined);
      const due = rounds.due(known, begun);
      void watch.measureOwnMemory(due).then(() => {
        isWalking = false;
        rounds.took(due.length, performance.now() - begun);
      });
    },
  };
}
