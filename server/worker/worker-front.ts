import type { Server } from 'node:http';
import { refuseConnect, refuseMalformed } from '../http/malformed.js';
import { createUwsgiFront, type UwsgiFront } from '../uwsgi/front.js';
import type { WorkerConfig } from './config.js';
import type { Counters } from './counters.js';
import { countRefusal, type Memory } from './memory.js';

/** What the front of a worker stands in front of. */
interface Surroundings {
  readonly memory: Memory;
  readonly say: (line: string) => void;
  /** The server of the application; null while there is none, and nothing is accepted. */
  readonly server: () => Server | null;
}

/** Serves the uwsgi protocol by the application's server, and counts what is refused. */
export function workerFront(
  config: WorkerConfig,
  counters: Counters,
  { memory, say, server }: Surroundings,
): UwsgiFront {
  return createUwsgiFront(server, config.packets, {
    say: (line) => {
      say(`worker ${config.id} (pid: ${process.pid}): ${line}`);
    },
    onRefused: () => {
      counters.add('requests', 1);
      countRefusal(memory, 'uwsgi_packet');
    },
  });
}

/** Answers and counts what never becomes a request: malformed messages, and CONNECT. */
export function refuseOthers(server: Server, counters: Counters, memory: Memory): void {
  refuseMalformed(server, ({ code }) => {
    counters.add('requests', 1);
    countRefusal(memory, code);
  });
  refuseConnect(server, ({ code }) => {
    countRefusal(memory, code);
  });
}
