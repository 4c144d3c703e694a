import http from 'node:http';
import type https from 'node:https';
import { EXIT } from '../wire/exit-codes.js';
import type {
  BackendFrame,
  ForeignFigures,
  RouterFiguresFrame,
  RouterOrder,
} from '../wire/router-frames.js';
import { type Acceptance, createAcceptance } from '../worker/acceptance.js';
import { stackOf, watchFailures } from '../worker/failures.js';
import { pipeWriter, writeAtOnce } from '../worker/collected-output.js';
import { listening } from '../worker/listening.js';
import { createProcessMemory } from '../request-log/process-memory.js';
import { createRequestLog, type RequestLog } from '../request-log/request-log.js';
import { tellStderr } from '../worker/stderr-teller.js';
import type { RouterConfig, TlsSide } from './config.js';
import { sayFarewell } from './farewell.js';
import type { ForeignBackend } from './foreign.js';
import { type MasterLink, openMasterLink } from './master-link.js';
import { type Backend, type BackendFigures, createRouter, type Router } from './router.js';
import { createSecureServer, type SecureServer } from './secure-server.js';
import { serverOptions } from './server-options.js';

/** How long a router goes on without a master: it must be gone within two seconds. */
const ORPHAN_MS = 1000;

/**
 * A router process: it accepts on the inherited sockets from when the master has named the first
 * worker that can be asked; until then clients wait in the kernel's queue.
 */
export class RouterProcess {
  readonly #config: RouterConfig;
  readonly #router: Router;
  readonly #requests: RequestLog | null;
  readonly #servers: readonly (http.Server | https.Server)[];
  /** Those with TLS, by the index of their socket. */
  readonly #secure = new Map<number, SecureServer>();
  readonly #acceptance: Acceptance;
  readonly #link: MasterLink;
  readonly #onFatal: (error: Error) => void;
  #isListening = false;
  #isLeaving = false;

  constructor(config: RouterConfig, onFatal: (error: Error) => void) {
    this.#config = config;
    this.#onFatal = onFatal;
    const say = (line: string): void => {
      process.stderr.write(`http ${config.id} (pid: ${process.pid}): ${line}\n`);
    };
    if (config.requestsFd !== null) writeAtOnce(process);
    const direct = tellStderr(process, (lines) => {
      this.#link.sendNow({ type: 'stderr', lines });
    });
    this.#requests = routerLog(config, direct, () => this.#router.requests());
    this.#router = createRouter(config.settings, say, this.#requests);
    this.#acceptance = createAcceptance(say, config.paused);
    this.#servers = config.sockets.map(({ tls }, index) => this.#createServer(tls, index));
    for (const server of this.#servers) {
      this.#router.serve(server);
      this.#acceptance.add(server);
    }
    this.#link = openMasterLink({
      figures: () => figuresOf(this.#router),
      signMs: config.signMs,
      obey: (order) => {
        this.#obey(order);
      },
      orphaned: () => {
        say('error: the master disconnected from this router. Shutting it down.');
        setTimeout(() => process.exit(EXIT.ended), ORPHAN_MS);
        this.#leave();
      },
    });
    this.#handleProcess(say);
  }

  #createServer(tls: TlsSide, index: number): http.Server | https.Server {
    const { settings } = this.#config;
    if (tls === 'none') return http.createServer(serverOptions(settings));
    const secure = createSecureServer(settings, tls, this.#router);
    this.#secure.set(index, secure);
    return secure.server;
  }

  #obey(order: RouterOrder): void {
    switch (order.type) {
      case 'credentials':
        this.#secure.get(order.socket)?.show(order);
        break;
      case 'backends':
        this.#ask(order.backends);
        break;
      case 'pause':
      case 'resume':
        this.#acceptance[order.type]();
        break;
      case 'drain':
        this.#leave();
        break;
      case 'exit':
        process.exit(EXIT.ended);
    }
  }

  /** The master names workers; foreign back ends, which are asked in their place, stay the same. */
  #ask(workers: readonly BackendFrame[]): void {
    const { to } = this.#config.settings;
    const backends = to.length > 0 ? foreignOnes(to) : workers.map(workerOf);
    this.#router.backends(backends);
    if (backends.length > 0) void this.#listen();
  }

  async #listen(): Promise<void> {
    if (this.#isListening || this.#isLeaving) return;
    this.#isListening = true;
    const { sockets, backlog } = this.#config;
    try {
      await Promise.all(
        this.#servers.map((server, index) =>
          listening(server.listen({ fd: sockets[index]?.fd }, backlog)),
        ),
      );
    } catch (error) {
      this.#onFatal(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#link.send({ type: 'ready' });
  }

  #leave(): void {
    if (!this.#isListening) process.exit(EXIT.drained);
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    sayFarewell(this.#servers, this.#router, {
      lingers: () => {
        this.#link.send({ type: 'lingers' });
      },
      done: () => process.exit(EXIT.drained),
    });
  }

  #handleProcess(say: (line: string) => void): void {
    // A log reader that is gone must not end a router.
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
    process.on('exit', () => this.#requests?.flush());
    for (const signal of ['SIGHUP', 'SIGTERM'] as const) {
      process.on(signal, () => {
        this.#link.send({ type: 'leaves', why: `was sent ${signal}` });
      });
    }
    watchFailures((error, origin) => {
      say(`${origin}:\n${stackOf(error)}`);
      this.#link.send({ type: 'leaves', why: 'had an exception' });
    });
  }
}

/** The request log of this process; null without one. `requests` is how many have come. */
function routerLog(
  { log: settings, requestsFd }: Pick<RouterConfig, 'log' | 'requestsFd'>,
  direct: (text: string) => void,
  requests: () => number,
): RequestLog | null {
  if (settings === null) return null;
  const source = {
    ...{ pid: process.pid, worker: 0, hasApp: false, memory: createProcessMemory() },
    counts: () => ({ worker: requests(), total: requests() }),
    wallClock: () => Date.now(),
    write: requestsFd === null ? direct : pipeWriter(requestsFd),
  };
  return createRequestLog(source, settings);
}

function figuresOf(router: Router): RouterFiguresFrame {
  const figures = router.figures();
  return {
    ...{ requests: figures.requests, in_flight: figures.in_flight, queued: figures.queued },
    ...{ queue_max: figures.queue_max, refused: Object.fromEntries(figures.refused) },
    answered_by_router: figures.answered_by_router,
    ...{ retries: figures.retries, aborted: figures.aborted, rx: figures.rx, tx: figures.tx },
    ...{ upgraded: figures.upgraded, connections: figures.connections },
    static_requests: figures.static_requests,
    backends: figures.backends.flatMap(foreignFigures),
  };
}

function foreignFigures(figures: BackendFigures): readonly ForeignFigures[] {
  const { address, state, in_flight, requests, errors } = figures;
  if (address === undefined || state === undefined) return [];
  return [{ address, in_flight, requests, errors, state }];
}

function workerOf({ id, pid, path }: BackendFrame): Backend {
  return { id, path, accepting: true, generation: pid };
}

function foreignOnes(to: readonly ForeignBackend[]): readonly Backend[] {
  return to.map((foreign, id) => ({ id, path: '', accepting: true, foreign }));
}
