import type http from 'node:http';
import type net from 'node:net';
import path from 'node:path';
import type { Result } from '../../shared/result.js';
import { EXIT } from '../wire/exit-codes.js';
import type { WorkerFrame } from '../wire/frames.js';
import { type Acceptance, createAcceptance } from './acceptance.js';
import { account } from './accounting.js';
import { startBeat } from './beat.js';
import type { Accounting } from './books.js';
import { type Application, loadApplication, parseModule, type Place } from './application/load.js';
import { showClusterFace } from './application/cluster-face.js';
import { serverWithout } from './application/none.js';
import { baselineResources } from './application/pending.js';
import { hearReady, untilReady } from './application/readiness.js';
import { monotonicMs } from './clock.js';
import { writeAtOnce } from './collected-output.js';
import type { WorkerConfig, WorkerSocket } from './config.js';
import { limitConnections } from './connection-limit.js';
import { type Counters, createCounters } from './counters.js';
import { createDrain, type Drain } from './drain.js';
import { stackOf, watchFailures } from './failures.js';
import { answerFailure, guardListeners } from './guard.js';
import { type Limits, limitWriter } from './harakiri/limits.js';
import { watchSlowRequests } from './harakiri/harakiri.js';
import { standBefore, type UwsgiFront } from '../uwsgi/front.js';
import { acceptOn, descriptorKept, listening } from './listening.js';
import type { Memory } from './memory.js';
import type { Monitor, MonitorMessage } from './monitor.js';
import { type ModuleFiles, traceModuleFiles } from './module-files.js';
import type { Outset } from './outset.js';
import { part } from './parting.js';
import type { RequestLog } from '../request-log/request-log.js';
import { createRoutedClients, type RoutedClients } from './routed-clients.js';
import { takeSample } from './sample.js';
import { type Signals, takeSignals, type TakenSignal } from './signals.js';
import { createStaticFront } from './static-front.js';
import { keepTail } from './stderr-tail.js';
import { createTally, type Tally } from './tally.js';
import { totalsLine } from './totals.js';
import { refuseOthers, workerFront, workerGate } from './worker-front.js';
import { workerLog } from './worker-log.js';

/**
 * A worker process: it loads the application, serves it on the inherited sockets, counts, and
 * leaves in order when it is told to.
 */
export class Worker {
  readonly #say = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  readonly #config: WorkerConfig;
  readonly #memory: Memory;
  readonly #counters: Counters;
  readonly #monitor: Monitor;
  readonly #log: RequestLog | null;
  readonly #limits: Limits | null;
  readonly #clients: RoutedClients | null;
  #slow: { beat(): void } | null = null;
  readonly #acceptance: Acceptance;
  readonly #front: UwsgiFront;
  #accounting: Accounting | null = null;
  /** The server that is accounted. */
  #server: http.Server | null = null;
  #tally: Tally | null = null;
  #drain: Drain | null = null;
  #application: Application | null = null;
  #signals: Signals = { terminators: () => [] };
  /** What keeps the loop alive without an application. */
  readonly #baseline = baselineResources();
  #files: ModuleFiles | null = null;
  #isReady = false;
  #isFaulty = false;
  #isParting = false;
  /** Told to the master as the last thing. */
  #lastWord: WorkerFrame | null = null;

  constructor({ config, memory, limits, tail, monitor }: Outset) {
    this.#config = config;
    this.#memory = memory;
    this.#counters = createCounters(memory, config.async);
    this.#limits = limits;
    this.#monitor = monitor;
    this.#clients = createRoutedClients(config.sockets);
    if (config.requestsFd !== null) writeAtOnce(process);
    const direct = keepTail(process.stderr, tail);
    this.#acceptance = createAcceptance(this.#say, config.paused);
    this.#log = workerLog(config, memory, direct);
    this.#front = workerFront(config, this.#counters, {
      ...{ memory, say: this.#say, log: this.#log },
      server: () => this.#server,
    });
    monitor.listen((message) => {
      this.#obey(message);
    });
  }

  async run(): Promise<void> {
    this.#handleProcess();
    if (this.#config.autoReload) this.#tellFiles();
    const [first, ...others] = this.#config.sockets;
    if (first === undefined) throw new Error('a worker needs a socket');
    const limit = AbortSignal.timeout(this.#config.bootMs);
    const heard = this.#config.waitReady ? hearReady(process) : null;
    const isKept = descriptorKept(first.fd);
    const loaded = await this.#load(this.#config.module, this.#place(first), limit);
    const application = loaded.ok
      ? loaded.value
      : this.#withoutApplication(loaded.error, first, isKept());
    await application.listen();
    const further = await this.#acceptFurther(others, application.server);
    this.#prepareDrain(application.server, further);
    limitConnections(
      [application.server, ...further],
      (line) => {
        this.#say(`worker ${this.#config.id} (pid: ${process.pid}): ${line}`);
      },
      monotonicMs,
    );
    this.#counters.beat(monotonicMs());
    if (loaded.ok && heard !== null) {
      await this.#untilReady(untilReady(heard, loaded.value.namespace, limit));
    }
    if (loaded.ok) this.#application = loaded.value;
    this.#isReady = true;
    // Whoever sees it ready may count on a change being seen.
    this.#files?.flush();
    const loadedInMs = loaded.ok ? loaded.value.loadedInMs : 0;
    this.#monitor.send({ type: 'ready', app: loaded.ok, loadedInMs });
  }

  async #acceptFurther(
    sockets: readonly WorkerSocket[],
    target: http.Server,
  ): Promise<readonly net.Server[]> {
    const accepting = sockets.map((socket) =>
      acceptOn(this.#place(socket), (connection) => {
        if (socket.isRouted) this.#clients?.add(connection);
        if (socket.proto === 'uwsgi') this.#front.accept(connection);
        else target.emit('connection', connection);
      }),
    );
    await Promise.all(accepting.map(({ listening }) => listening));
    return accepting.map(({ server }) => {
      this.#acceptance.add(server);
      return server;
    });
  }

  async #load(
    module: string,
    place: Place,
    limit: AbortSignal,
  ): Promise<Result<Application, string>> {
    const spec = parseModule(module);
    if (!spec.ok) return spec;
    // What the application would see if it were run by itself.
    const file = path.resolve(spec.value.file);
    process.argv = [process.execPath, file];
    showClusterFace(this.#config.id, path.dirname(file));
    const onServer = (server: http.Server): void => {
      this.#instrument(server);
    };
    return loadApplication(spec.value, place, onServer, limit);
  }

  /** An application that does not become ready is one that cannot be loaded. */
  async #untilReady(ready: Promise<void>): Promise<void> {
    try {
      await ready;
    } catch (error) {
      this.#say(`the application did not become ready:\n${stackOf(error)}`);
      process.exit(this.#config.needApp ? EXIT.noApp : 1);
    }
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
    this.#tally ??= createTally(this.#memory, this.#config.tally);
    this.#acceptance.add(server);
    refuseOthers(server, this.#counters, this.#memory, this.#log);
    const accounting = account(server, this.#counters, {
      ...workerGate(this.#memory, this.#config.limits, this.#log),
      client: this.#clients?.addressOf ?? null,
      ...{ now: monotonicMs, log: this.#log, cap: this.#config.async },
      onEnd: () => this.#drain?.onEnd(),
      limit: limitWriter(this.#limits, this.#memory),
      files: createStaticFront(this.#config.files, this.#clients, this.#say),
    });
    this.#accounting = accounting;
    this.#server = server;
    if (this.#config.sockets[0]?.proto === 'uwsgi') standBefore(server, this.#front);
    if (this.#config.paused) accounting.pause();
    if (this.#limits !== null) this.#watchSlow(accounting, this.#limits);
  }

  #watchSlow(accounting: Accounting, limits: Limits): void {
    this.#slow = watchSlowRequests({
      worker: this.#config.id,
      ...{ accounting, limits, memory: this.#memory, now: monotonicMs },
      queueThreshold: this.#config.harakiri.queueThreshold,
      send: (frame) => {
        this.#monitor.send(frame);
      },
      say: this.#say,
    });
  }

  #withoutApplication(problem: string, socket: WorkerSocket, socketKept: boolean) {
    this.#say(problem);
    const server = serverWithout(this.#config, socketKept, this.#say);
    this.#instrument(server);
    const { fd, backlog } = this.#place(socket);
    return { server, listen: () => listening(server.listen({ fd }, backlog)) };
  }

  #prepareDrain(server: http.Server, servers: readonly net.Server[]): void {
    if (this.#accounting === null) throw new Error('the application has no accounted server');
    const further = { servers, close: this.#front.close.bind(this.#front) };
    this.#drain = createDrain(server, further, this.#accounting, () => {
      void this.#part();
    });
  }

  /** The last request is over: the application says goodbye, then this process ends. */
  async #part(): Promise<void> {
    this.#isParting = true;
    await part({
      application: this.#application,
      terminators: () => this.#signals.terminators(),
      say: this.#say,
      baseline: this.#baseline,
    });
    process.exit(EXIT.drained);
  }

  #obey(message: MonitorMessage): void {
    if (message === 'pause' || message === 'resume') {
      this.#acceptance[message]();
      this.#accounting?.[message]();
      return;
    }
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
    startBeat(this.#memory, this.#counters, () => {
      this.#accounting?.beat();
      this.#slow?.beat();
      this.#tally?.beat();
    });
    // A log reader that is gone must not end a worker.
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
    this.#signals = takeSignals(process, (signal) => {
      this.#onSignal(signal);
    });
    process.on('exit', () => {
      // An application's farewell may exit by itself, with a code that means nothing to the master.
      if (this.#isParting) process.exitCode = EXIT.drained;
      this.#log?.flush();
      this.#accounting?.beat();
      this.#monitor.last(this.#lastWord);
    });
    watchFailures((error, origin) => {
      this.#onFailure(error, origin);
    });
  }

  /** No terminal and no process group reaches a worker (spawner.ts): this one alone was meant. */
  #onSignal(signal: TakenSignal): void {
    if (signal === 'SIGUSR1') {
      const sample = takeSample(this.#memory, { now: monotonicMs, origin: 0 });
      this.#say(totalsLine(this.#config.id, process.pid, sample));
      return;
    }
    const drains = signal === 'SIGTERM' && this.#isReady && !this.#isParting;
    if (signal === 'SIGHUP' || drains) this.#monitor.send({ type: 'signal', signal });
    if (drains) this.#startDrain();
    if (signal === 'SIGHUP' || drains) return;
    this.#lastWord = { type: 'signal', signal };
    process.exit(EXIT.ended);
  }

  /** An application that fails to load ends the process: then the files are told on the way out. */
  #tellFiles(): void {
    let isExiting = false;
    this.#files = traceModuleFiles((files) => {
      if (isExiting) this.#monitor.sendLast({ type: 'files', files });
      else this.#monitor.send({ type: 'files', files });
    });
    process.on('exit', () => {
      isExiting = true;
      this.#files?.flush();
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
}
