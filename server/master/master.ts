import { assertNever } from '../../shared/result.js';
import type { Log } from '../log.js';
import { harakiriRoutes } from '../options/harakiri-routes.js';
import type { Options } from '../options/table.js';
import type { WorkerFrame } from '../wire/frames.js';
import type { HarakiriFrame } from '../wire/harakiri-frames.js';
import type { BoundSocket } from './bind.js';
import { step } from './decide/arbiter.js';
import type { MasterEffect, MasterEvent } from './decide/events.js';
import type { HarakiriReport } from './decide/harakiri-report.js';
import { createSilenceWatch, type SilenceWatch } from './decide/silence.js';
import { createLatencyWindow } from './decide/latency-window.js';
import { createRegistry } from './decide/registry.js';
import { initialState, type MasterState, serving, slotOf } from './decide/state.js';
import { loadsOf } from './loads.js';
import { createMeasuring, type Measuring } from './measuring.js';
import { createOrders, type Orders } from './orders.js';
import { measurements } from './recycling.js';
import { settingsOf } from './settings.js';
import { createSnapshots, identify, type Snapshots } from './snapshots.js';
import { createSpawner, type Spawner } from './spawner.js';
import { createTracebacks } from './tracebacks.js';
import { statisticsLines } from './statistics.js';
import type { WorkerTotals } from './upgrade/link-frames.js';
import type { UpgradeEffect } from './upgrade/successor.js';
import { workerFlags } from './v8-flags.js';

/** How often deadlines are looked at. */
const TICK_MS = 100;
/** How often processes and accept queues are measured, and totals told to the workers. */
const MEASURE_MS = 1000;

/** What the master needs of the instance around it. */
export interface Surroundings {
  /** Who the master is once it serves. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** What workers are started as; null for what the master is. */
  readonly children: { readonly uid: number; readonly gid: number } | null;
  /** Deals with new masters. */
  readonly upgrade: (effect: UpgradeEffect) => void;
  /** Sees every new state. */
  readonly observe: (state: MasterState) => void;
  /** Whether an old master still serves: then a worker without its application must not. */
  readonly isOnTrial: () => boolean;
}

/**
 * The shell around the arbiter: it owns the processes, the clock and the books, turns what happens
 * into events and performs the effects. It decides nothing.
 */
export class Master {
  readonly snapshots: Snapshots;
  readonly orders: Orders;
  readonly bootId: string;
  /** Settles with the exit code when every worker is gone. */
  readonly ended: Promise<number>;

  readonly #options: Options;
  readonly #log: Log;
  readonly #surroundings: Surroundings;
  readonly #registry = createRegistry();
  readonly #latencies = createLatencyWindow();
  readonly #measuring: Measuring;
  readonly #spawner: Spawner;
  readonly #tracebacks = createTracebacks((pid, id) => {
    this.#spawner.send(pid, { type: 'traceback', id });
  });
  readonly #silence: SilenceWatch;
  /** The last lines of stderr of each process. */
  readonly #stderr = new Map<number, readonly string[]>();
  readonly #queue: MasterEvent[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #state: MasterState;
  #isStepping = false;
  #onFiles: (files: readonly string[]) => void = () => undefined;
  #end: (code: number) => void = () => undefined;

  constructor(
    options: Options,
    sockets: readonly BoundSocket[],
    log: Log,
    surroundings: Surroundings,
  ) {
    this.#options = options;
    this.#log = log;
    this.#surroundings = surroundings;
    this.#measuring = createMeasuring(sockets, options.listen);
    this.#state = initialState(options.processes, settingsOf(options));
    this.#silence = createSilenceWatch(options['worker-stall'] * 1000);
    this.ended = new Promise((resolve) => (this.#end = resolve));
    const identity = identify(options, surroundings.owner);
    this.bootId = identity.bootId;
    this.snapshots = createSnapshots(options, {
      identity,
      state: () => this.#state,
      registry: this.#registry,
      latencies: this.#latencies,
      measuring: this.#measuring,
    });
    const post = (event: MasterEvent): void => {
      this.post(event);
    };
    this.orders = createOrders(
      post,
      () => this.snapshots.document(),
      (worker, pid) => this.#tracebacks.ask(worker, pid),
    );
    const flags = workerFlags(
      process.execArgv,
      process.env['NODE_OPTIONS'] ?? '',
      options['young-generation'],
    );
    const start = { flags, owner: surroundings.children };
    this.#spawner = createSpawner(sockets, start, {
      frame: (pid, frame) => {
        this.#onFrame(pid, frame);
      },
      exited: (pid, how) => {
        const slot = slotOf(this.#state, pid);
        if (slot !== undefined) this.#registry.retire(slot.id, pid);
        this.#silence.forget(pid);
        this.#tracebacks.gone(pid);
        post({ type: 'exited', pid, ...how, stderr: this.#stderr.get(pid) ?? [] });
        this.#stderr.delete(pid);
      },
      failed: (worker, message) => {
        post({ type: 'spawn-failed', worker, message });
      },
    });
  }

  /** Spawns the workers; from now on the master keeps them. */
  start(): void {
    this.#every(TICK_MS, () => {
      this.post({ type: 'tick' });
      this.#postMeasurements();
    });
    this.#every(MEASURE_MS, () => {
      this.#measure();
    });
    this.post({ type: 'tick' });
  }

  /** Gives the files that the application was loaded from to `listener`, as workers tell them. */
  onModuleFiles(listener: (files: readonly string[]) => void): void {
    this.#onFiles = listener;
  }

  /** Takes an event; events that an effect causes are taken after it, in order. */
  post(event: MasterEvent): void {
    this.#queue.push(event);
    if (this.#isStepping) return;
    this.#isStepping = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const [decided, effects] = step(this.#state, next, performance.now());
      if (decided !== this.#state) this.snapshots.invalidate();
      this.#state = decided;
      for (const effect of effects) this.#perform(effect);
      this.#surroundings.observe(this.#state);
    }
    this.#isStepping = false;
  }

  /** What every worker id has counted, masters before this one included. */
  totals(): readonly WorkerTotals[] {
    return this.#registry.estate();
  }

  /** Takes over what the masters before this one counted. */
  inherit(workers: readonly WorkerTotals[]): void {
    for (const [worker, totals] of workers) this.#registry.inherit(worker, totals);
  }

  #every(ms: number, action: () => void): void {
    this.#timers.push(setInterval(action, ms));
  }

  #perform(effect: MasterEffect): void {
    switch (effect.type) {
      case 'spawn':
        this.#spawn(effect.worker);
        break;
      case 'send':
        this.#spawner.send(effect.pid, { type: effect.frame });
        break;
      case 'sigkill':
        this.#spawner.kill(effect.pid);
        break;
      case 'log':
        this.#log(effect.line);
        break;
      case 'outcome':
        this.orders.conclude(effect.order, effect.ok, effect.message);
        break;
      case 'statistics':
        statisticsLines(this.snapshots.document()).forEach((line) => {
          this.#log(line);
        });
        break;
      case 'halt':
        this.#timers.forEach(clearInterval);
        this.#end(effect.code);
        break;
      case 'launch-successor':
      case 'hand-over':
      case 'end-successor':
        this.#surroundings.upgrade(effect);
        break;
      default:
        assertNever(effect);
    }
  }

  #spawn(worker: number): void {
    const options = this.#options;
    const pid = this.#spawner.spawn({
      id: worker,
      backlog: options.listen,
      module: options.module ?? '',
      async: options.async ?? 0,
      log: !options['disable-logging'],
      memoryReport: options['memory-report'],
      othersServe: this.#state.slots.some((slot) => serving(slot)?.app === true),
      generation: this.#state.slots.find(({ id }) => id === worker)?.wanted ?? 0,
      waitReady: options['wait-ready'],
      bootMs: options['boot-timeout'] * 1000,
      harakiri: {
        limitMs: options.harakiri * 1000,
        routes: harakiriRoutes(options['harakiri-route']),
        queueThreshold: options['harakiri-queue-threshold'],
      },
      paused: this.#state.paused,
      autoReload: options['auto-reload'],
      needApp: options['need-app'] || this.#surroundings.isOnTrial(),
    });
    if (pid === undefined) return;
    this.#silence.born(pid, performance.now());
    this.post({ type: 'spawned', worker, pid });
  }

  #onFrame(pid: number, frame: WorkerFrame): void {
    const slot = slotOf(this.#state, pid);
    if (slot === undefined) return;
    this.#silence.heard(pid, performance.now());
    switch (frame.type) {
      case 'sample':
        this.#registry.fold(slot.id, pid, frame);
        break;
      case 'ready':
        this.post({ type: 'ready', pid, app: frame.app, loadedInMs: frame.loadedInMs });
        // The first figures need not wait for the next second.
        this.#measuring.measureProcesses(this.#pids());
        break;
      case 'fault':
        this.post({ type: 'fault', pid });
        break;
      case 'signal':
        this.post({ type: 'signalled', pid, signal: frame.signal });
        break;
      case 'harakiri':
        this.post({ type: 'harakiri', pid, report: this.#reportOf(pid, frame) });
        break;
      case 'traceback':
        this.#tracebacks.answer(pid, frame);
        break;
      case 'stderr':
        this.#stderr.set(pid, frame.lines);
        break;
      case 'files':
        this.#onFiles(frame.files);
        break;
      case 'same':
        break;
    }
  }

  #pids(): readonly number[] {
    return this.#state.slots.flatMap(({ processes }) => processes.map(({ pid }) => pid));
  }

  /** At every tick, since many requests are answered in a second; only when a rule wants to know. */
  #postMeasurements(): void {
    if (this.#state.settings.recycling === undefined) return;
    const processes = measurements(this.#pids(), this.#registry, this.#measuring.process);
    this.post({ type: 'measured', processes });
  }

  #reportOf(pid: number, frame: HarakiriFrame): HarakiriReport {
    return {
      ...frame,
      flights: this.#registry.sample(pid)?.flights ?? [],
      wallMs: Date.now(),
      rss: this.#measuring.process(pid)?.rss ?? 0,
      listenQueue: this.#measuring.listenQueue(),
    };
  }

  /** What costs more than the rest: for a rule that needs it, or while somebody reads the stats. */
  #measureOwnMemory(pids: readonly number[]): void {
    const isRule = this.#options['reload-on-uss'] !== undefined;
    if (isRule) this.#measuring.measureOwnMemory(pids);
    else if (this.snapshots.isRead()) this.#measuring.measureSomeMemory(pids);
  }

  #lookAtLatencies(): void {
    const now = performance.now();
    for (const { id } of this.#state.slots) {
      this.#latencies.look(id, this.#registry.own(id).buckets, now);
    }
  }

  /** What the kernel knows, once a second; and the total that request log lines show. */
  #measure(): void {
    const pids = this.#pids();
    this.#measuring.measureSockets();
    this.#measuring.measureProcesses(pids);
    this.#measureOwnMemory(pids);
    this.#lookAtLatencies();
    for (const { pid, silentMs } of this.#silence.look(performance.now())) {
      this.post({ type: 'stalled', pid, silentMs });
    }
    if (this.#options['harakiri-queue-threshold'] > 0) {
      const length = this.#measuring.listenQueue();
      for (const pid of pids) this.#spawner.send(pid, { type: 'listen-queue', length });
    }
    const rss = (pid: number): number => this.#measuring.process(pid)?.rss ?? 0;
    const workers = loadsOf(this.#state, this.#registry, rss);
    this.post({ type: 'load', queue: this.#measuring.listenQueue(), workers });
    if (this.#options['disable-logging']) return;
    const total = this.#registry.requests();
    for (const pid of pids) {
      const own = this.#registry.sample(pid)?.requests ?? 0;
      this.#spawner.send(pid, { type: 'others', requests: total - own });
    }
  }
}
