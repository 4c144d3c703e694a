import { assertNever } from '../../shared/result.js';
import type { UwsgiSocket } from '../../shared/stats.js';
import type { Log } from '../log.js';
import type { Options } from '../options/table.js';
import type { WorkerFrame } from '../wire/frames.js';
import type { HarakiriFrame } from '../wire/harakiri-frames.js';
import type { BoundSocket } from './bind.js';
import { step } from './decide/arbiter.js';
import type { MasterEffect, MasterEvent } from './decide/events.js';
import type { HarakiriReport } from './decide/harakiri-report.js';
import { choosesWhoLeaves } from './decide/load.js';
import { isAtRest } from './decide/rest.js';
import { createSilenceWatch, type SilenceWatch } from './decide/silence.js';
import { createRegistry } from './decide/registry.js';
import { initialState, type MasterState, slotOf } from './decide/state.js';
import { loadEvent } from './loads.js';
import { createMeasuring } from './measuring.js';
import { createOrders, type Orders } from './orders.js';
import { type ProcessWatch, watchProcesses } from './process-stats.js';
import { looksAtFigures, measurements } from './recycling.js';
import { createRequestTotal } from './request-total.js';
import { settingsOf } from './settings.js';
import { createSnapshots, identify, type Snapshots } from './snapshots.js';
import { createSocketStats } from './socket-stats.js';
import { createSpawner, type SpawnListener, type Spawner } from './spawner.js';
import { createTracebacks } from './tracebacks.js';
import { statisticsLines } from './statistics.js';
import type { WorkerTotals } from './upgrade/link-frames.js';
import type { UpgradeEffect } from './upgrade/successor.js';
import { workerConfig } from './worker-config.js';
import { workerFlags } from './v8-flags.js';

/** How often deadlines are looked at. */
const TICK_MS = 100;
/** How often silence is looked for, cheaper decides, and totals are told to the workers. */
const LOOK_MS = 1000;

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
  readonly #watch: ProcessWatch;
  readonly #spawner: Spawner;
  readonly #tracebacks = createTracebacks((pid, id) => {
    this.#spawner.send(pid, { type: 'traceback', id });
  });
  readonly #silence: SilenceWatch;
  readonly #measureSockets: ReturnType<typeof createSocketStats>;
  readonly #measuring: ReturnType<typeof createMeasuring>;
  readonly #requestTotal = createRequestTotal(
    () => this.#registry.requests(),
    (pid) => this.#registry.sample(pid)?.requests ?? 0,
    (pid, requests) => {
      this.#spawner.send(pid, { type: 'others', requests });
    },
  );
  /** The last lines of stderr of each process. */
  readonly #stderr = new Map<number, readonly string[]>();
  readonly #queue: MasterEvent[] = [];
  #looks: NodeJS.Timeout | undefined;
  #state: MasterState;
  #sockets: UwsgiSocket[];
  /** Runs while time can change something. */
  #ticks: NodeJS.Timeout | null = null;
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
    this.#measureSockets = createSocketStats(sockets, options.listen);
    this.#sockets = this.#measureSockets();
    this.#watch = watchProcesses(options['reload-on-uss'] !== undefined);
    this.#state = initialState(options.processes, settingsOf(options));
    this.#silence = createSilenceWatch(options['worker-stall'] * 1000);
    this.#measuring = createMeasuring(
      () => {
        this.#sockets = this.#measureSockets();
        void this.#watch.measure([process.pid, ...this.#pids()]);
      },
      looksAtFigures(this.#state.settings, options),
      () => performance.now(),
    );
    this.ended = new Promise((resolve) => (this.#end = resolve));
    const identity = identify(options, surroundings.owner);
    this.bootId = identity.bootId;
    this.snapshots = createSnapshots({
      identity,
      state: () => this.#state,
      registry: this.#registry,
      sockets: () => this.#sockets,
      watch: this.#watch,
      onRead: () => {
        this.#measuring.wanted();
      },
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
    this.#spawner = createSpawner(sockets, start, this.#listener());
  }

  /** Spawns the workers; from now on the master keeps them. */
  start(): void {
    this.#looks = setInterval(() => {
      this.#look();
    }, LOOK_MS);
    this.post({ type: 'tick' });
  }

  /** Gives the files that the application was loaded from to `listener`, as workers tell them. */
  onModuleFiles(listener: (files: readonly string[]) => void): void {
    this.#onFiles = listener;
  }

  /** Takes an event; events that an effect causes are taken after it, in order. */
  post(event: MasterEvent): void {
    if (choosesWhoLeaves(this.#state, event))
      this.#queue.push(loadEvent(this.#state, this.#registry, this.#watch, this.#listenQueue()));
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
    this.#keepTime();
  }

  /** What every worker id has counted, masters before this one included. */
  totals(): readonly WorkerTotals[] {
    return this.#registry.estate();
  }

  /** Takes over what the masters before this one counted. */
  inherit(workers: readonly WorkerTotals[]): void {
    for (const [worker, totals] of workers) this.#registry.inherit(worker, totals);
  }

  /** Ticks as long as time can change something: waking up is most of what a master at rest does. */
  #keepTime(): void {
    const { phase, settings } = this.#state;
    const isIdle = settings.recycling === undefined && isAtRest(this.#state);
    if (phase === 'halted' || isIdle) {
      if (this.#ticks !== null) clearInterval(this.#ticks);
      this.#ticks = null;
      return;
    }
    this.#ticks ??= setInterval(() => {
      this.post({ type: 'tick' });
      this.#postMeasurements();
    }, TICK_MS);
  }

  #listener(): SpawnListener {
    return {
      frame: (pid, frame) => {
        this.#onFrame(pid, frame);
      },
      exited: (pid, how) => {
        const slot = slotOf(this.#state, pid);
        if (slot !== undefined) this.#registry.retire(slot.id, pid);
        this.#silence.forget(pid);
        this.#requestTotal.forget(pid);
        this.#tracebacks.gone(pid);
        this.post({ type: 'exited', pid, ...how, stderr: this.#stderr.get(pid) ?? [] });
        this.#stderr.delete(pid);
      },
      failed: (worker, message) => {
        this.post({ type: 'spawn-failed', worker, message });
      },
    };
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
        clearInterval(this.#looks);
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
    const needApp = options['need-app'] || this.#surroundings.isOnTrial();
    const pid = this.#spawner.spawn(workerConfig(options, this.#state, worker, needApp));
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
        this.#measuring.anew();
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
    const processes = measurements(this.#pids(), this.#registry, this.#watch);
    this.post({ type: 'measured', processes });
  }

  #reportOf(pid: number, frame: HarakiriFrame): HarakiriReport {
    this.#measuring.wanted();
    return {
      ...frame,
      flights: this.#registry.sample(pid)?.flights ?? [],
      wallMs: Date.now(),
      rss: this.#watch.get(pid)?.rss ?? 0,
      listenQueue: this.#listenQueue(),
    };
  }

  /** Connections that no worker has accepted yet, as measured last. */
  #listenQueue(): number {
    return Math.max(0, ...this.#sockets.map(({ queue }) => queue));
  }

  /** Once a second: what is measured, who is silent, and what rules and workers want to know. */
  #look(): void {
    this.#measuring.look();
    for (const { pid, silentMs } of this.#silence.look(performance.now())) {
      this.post({ type: 'stalled', pid, silentMs });
    }
    const pids = this.#pids();
    if (this.#options['harakiri-queue-threshold'] > 0) {
      const length = this.#listenQueue();
      for (const pid of pids) this.#spawner.send(pid, { type: 'listen-queue', length });
    }
    if (this.#state.settings.cheaper !== undefined)
      this.post(loadEvent(this.#state, this.#registry, this.#watch, this.#listenQueue()));
    if (!this.#options['disable-logging']) this.#requestTotal.tell(pids);
  }
}
