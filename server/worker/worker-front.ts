import type { Server } from 'node:http';
import { createGate, removeAliases } from '../http/gate.js';
import { refusalBytes } from '../http/giving-up.js';
import type { RequestLimits } from '../http/limits.js';
import { refuseConnect, refuseMalformed } from '../http/malformed.js';
import { createUwsgiFront, type UwsgiFront } from '../uwsgi/front.js';
import { refusedOn } from '../request-log/refused.js';
import type { RequestLog } from '../request-log/request-log.js';
import { throttled } from '../request-log/throttle.js';
import type { WorkerConfig } from './config.js';
import type { Counters } from './counters.js';
import { countRefusal, type Memory } from './memory.js';

/** Lines in a second that say why something is refused. */
const MOST_LINES = 10;

/** What the front of a worker stands in front of. */
interface Surroundings {
  readonly memory: Memory;
  readonly say: (line: string) => void;
  readonly log: RequestLog | null;
  /** The server of the application; null while there is none, and nothing is accepted. */
  readonly server: () => Server | null;
}

/** Serves the uwsgi protocol by the application's server, and counts what is refused. */
export function workerFront(
  config: WorkerConfig,
  counters: Counters,
  { memory, say, log, server }: Surroundings,
): UwsgiFront {
  return createUwsgiFront(server, config.packets, {
    say: throttled(MOST_LINES, (line) => {
      say(`worker ${config.id} (pid: ${process.pid}): ${line}`);
    }),
    onRefused: (fault, connection, answer) => {
      counters.add('requests', 1);
      countRefusal(memory, 'uwsgi_packet');
      log?.refused(refusedOn(connection, fault.status, answer));
    },
  });
}

/** The gate of a worker, which counts what it refuses. */
export function workerGate(
  memory: Memory,
  limits: RequestLimits,
  log: RequestLog | null,
): ReturnType<typeof createGate> {
  const gate = createGate(limits, ({ code, status, reason }, request, response) => {
    countRefusal(memory, code);
    // What is answered through a response is logged when that is sent.
    if (response !== null || log === null) return;
    log.refused(refusedOn(request.socket, status, refusalBytes({ status, reason }), request));
  });
  return {
    admit(request, response) {
      if (!gate.admit(request, response)) return false;
      removeAliases(request);
      return true;
    },
    admitUpgrade(request, socket) {
      if (!gate.admitUpgrade(request, socket)) return false;
      removeAliases(request);
      return true;
    },
  };
}

/** Answers, counts and logs what never becomes a request: malformed messages, and CONNECT. */
export function refuseOthers(
  server: Server,
  counters: Counters,
  memory: Memory,
  log: RequestLog | null,
): void {
  // Node would leave out what is above its own limit, and answer what has no Host without a word.
  server.maxHeadersCount = 0;
  Reflect.set(server, 'requireHostHeader', false);
  refuseMalformed(server, ({ code, status }, connection, answer) => {
    counters.add('requests', 1);
    countRefusal(memory, code);
    log?.refused(refusedOn(connection, status, answer));
  });
  refuseConnect(server, ({ code, status }, connection, answer) => {
    countRefusal(memory, code);
    log?.refused(refusedOn(connection, status, answer));
  });
}
