import { fstatSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import type { Result } from '../../shared/result.js';
import { EXIT } from '../wire/exit-codes.js';
import { account, type Accounting } from './accounting.js';
import { type Application, loadApplication, parseModule, type Place } from './application/load.js';
import { monotonicMs } from './clock.js';
import { CONFIG_VARIABLE, type WorkerConfig, type WorkerSocket } from './config.js';
import { limitConnections } from './connection-limit.js';
import { type Counters, createCounters } from './counters.js';
import { createDrain, type Drain } from './drain.js';
import { stackOf, watchFailures } from './failures.js';
import { answerFailure, guardListeners } from './guard.js';
import { admit, refusal, refuseUpgrade } from './gate.js';
import { allocateMemory, FIELD, MAX_CORES, type Memory } from './memory.js';
import { memoryPrefix } from './memory-prefix.js';
import { type Monitor, type MonitorMessage, startMonitor } from './monitor.js';
import { createRequestLog, type RequestLog } from './request-log.js';
import { BEAT_MS } from './sample.js';

/** How long an application may take to listen, or to be loaded. */
const BOOT_MS = 60_000;

/**
 * A worker process: it loads the application, serves it on the inherited sockets, counts, and
 * leaves in order when it is told to.
 */
class Worker {
  readonly #config: WorkerConfig;
  readonly #memory: Memory;
  readonly #counters: Counters;
  readonly #monitor: Monitor;
  readonly #log: RequestLog | null;
  #accounting: Accounting | null = null;
  #drain: Drain | null = null;
  #isReady = false;
  #isFaulty = false;

  constructor(config: WorkerConfig) {
    this.#config = config;
    this.#memory = allocateMemory(config.async === 0 ? MAX_CORES : config.async);
    this.#counters = createCounters(this.#memory, config.async);
    this.#monitor = startMonitor(this.#memory, (message) => {
      this.#obey(message);
    });
    this.#log = config.log ? this.#requestLog() : null;
  }

  async run(): Promise<void> {
    this.#handleProcess();
    const { module, sockets } = this.#config;
    const [first, ...others] = sockets;
    if (first === undefined) throw new Error('a worker needs a socket');
    const loaded = await this.#load(module, this.#place(first));
    const application = loaded.ok ? loaded.value : this.#withoutApplication(loaded.error, first);
    await application.listen();
    const extra = others.map((socket) => this.#forward(socket, application.server));
    await Promise.all(extra.map(({ listening }) => listening));
    this.#prepareDrain(
      application.server,
      extra.map(({ server }) => server),
    );
    limitConnections(
      [application.server, ...extra.map(({ server }) => server)],
      (line) => {
        this.#say(`worker ${this.#config.id} (pid: ${process.pid}): ${line}`);
      },
      monotonicMs,
    );
    this.#counters.beat(monotonicMs());
    this.#isReady = true;
    const loadedInMs = loaded.ok ? loaded.value.loadedInMs : 0;
    this.#monitor.send({ type: 'ready', app: loaded.ok, loadedInMs });
  }

  async #load(module: string, place: Place): Promise<Result<Application, string>> {
    const spec = parseModule(module);
    if (!spec.ok) return spec;
    // What the application would see if it were run by itself.
    process.argv = [process.execPath, path.resolve(spec.value.file)];
    const onServer = (server: http.Server): void => {
      this.#instrument(server);
    };
    return loadApplication(spec.value, place, onServer, AbortSignal.timeout(BOOT_MS));
  }

  #place({ fd, address }: WorkerSocket): Place {
    return { fd, address, backlog: this.#config.backlog };
  }

  #instrument(server: http.Server): void {
    guardListeners(server, (error, _request, response) => {
      this.#counters.add('exceptions', 1);
      this.#say(stackOf(error));
      answerFailure(response);
    });
    // From its first request on the loop is watched: the timer's first beat may come too late.
    this.#counters.beat(monotonicMs());
    this.#accounting = account(server, this.#counters, {
      admit,
      admitUpgrade(request, socket) {
        const refused = refusal(request);
        if (refused !== null) refuseUpgrade(socket, refused);
        return refused === null;
      },
      now: monotonicMs,
      log: this.#log,
      cap: this.#config.async,
      onEnd: () => this.#drain?.onEnd(),
    });
  }

  /** As uWSGI without --need-app: the worker serves, and every answer is 500. */
  #withoutApplication(problem: string, socket: WorkerSocket) {
    this.#say(problem);
    if (this.#config.needApp) {
      this.#say('*** no app loaded. GAME OVER ***');
      process.exit(EXIT.noApp);
    }
    if (!isOpen(socket.fd)) {
      this.#say('the module had the socket when it failed, and took it along: starting again');
      process.exit(1);
    }
    this.#say('*** no app loaded. going in full dynamic mode ***');
    const server = http.createServer((_request, response) => {
      this.#say('--- no application found, check your startup logs for errors ---');
      response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal Server Error');
    });
    this.#instrument(server);
    const { fd, backlog } = this.#place(socket);
    return { server, listen: () => listening(server.listen({ fd }, backlog)) };
  }

  /** A further socket: its connections go to the one server that is accounted. */
  #forward(socket: WorkerSocket, target: http.Server) {
    const server = net.createServer((connection) => target.emit('connection', connection));
    const { fd, backlog } = this.#place(socket);
    return { server, listening: listening(server.listen({ fd }, backlog)) };
  }

  #prepareDrain(server: http.Server, extra: readonly net.Server[]): void {
    if (this.#accounting === null) throw new Error('the application has no accounted server');
    this.#drain = createDrain(server, extra, this.#accounting, () => process.exit(EXIT.drained));
  }

  #obey(message: MonitorMessage): void {
    if (message === 'exit') process.exit(EXIT.ended);
    if (message === 'orphan') {
      this.#say('error: the master disconnected from this worker. Shutting down the worker.');
    }
    this.#startDrain();
  }

  #startDrain(): void {
    if (this.#drain === null) process.exit(EXIT.ended);
    this.#drain.start();
  }

  #handleProcess(): void {
    setInterval(() => {
      this.#counters.beat(monotonicMs());
      this.#accounting?.beat();
    }, BEAT_MS).unref();
    // A log reader that is gone must not end a worker.
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
    // A terminal sends these to the whole process group; what they mean is the master's to say.
    process.on('SIGINT', () => undefined);
    process.on('SIGHUP', () => undefined);
    process.on('SIGTERM', () => {
      this.#startDrain();
    });
    process.on('exit', () => {
      this.#log?.flush();
      this.#accounting?.beat();
      this.#monitor.last();
    });
    watchFailures((error, origin) => {
      this.#onFailure(error, origin);
    });
  }

  #onFailure(error: unknown, origin: string): void {
    this.#counters.add('exceptions', 1);
    this.#say(`${origin} outside a request:\n${stackOf(error)}`);
    if (!this.#isReady) process.exit(1);
    if (this.#isFaulty) return;
    this.#isFaulty = true;
    this.#monitor.send({ type: 'fault' });
  }

  #requestLog(): RequestLog {
    const { fields } = this.#memory;
    const prefix = this.#config.memoryReport ? memoryPrefix() : () => '';
    return createRequestLog({
      pid: process.pid,
      counts: () => {
        const worker = fields[FIELD.requests] ?? 0;
        return { worker, total: worker + (fields[FIELD.others] ?? 0) };
      },
      prefix,
      wallClock: () => new Date(),
      write: (text) => {
        process.stderr.write(text);
      },
    });
  }

  #say(line: string): void {
    process.stderr.write(`${line}\n`);
  }
}

function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}

function listening(server: net.Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
}

function readConfig(): WorkerConfig {
  const text = process.env[CONFIG_VARIABLE];
  if (text === undefined) throw new Error('a worker is started by the tsuwsgi master only');
  Reflect.deleteProperty(process.env, CONFIG_VARIABLE);
  return JSON.parse(text) as WorkerConfig;
}

const config = readConfig();
process.title = `tsuwsgi worker ${config.id}`;
try {
  await new Worker(config).run();
} catch (error) {
  process.stderr.write(`worker ${config.id}: ${stackOf(error)}\n`);
  process.exit(isListenError(error) ? EXIT.noListen : 1);
}

function isListenError(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'syscall') === 'listen';
}
