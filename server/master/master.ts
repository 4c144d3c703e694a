import { assertNever } from '../../shared/result.js';
import type { UwsgiSocket } from '../../shared/stats.js';
import type { Log } from '../log.js';
import type { Options } from '../options/table.js';
import type { WorkerFrame } from '../wire/frames.js';
import type { BoundSocket } from './bind.js';
import { step } from './decide/arbiter.js';
import type { MasterEffect, MasterEvent } from './decide/events.js';
import { createRegistry } from './decide/registry.js';
import { initialState, type MasterState, slotOf } from './decide/state.js';
import { createOrders, type Orders } from './orders.js';
import { watchProcesses } from './process-stats.js';
import { createSnapshots, identify, type Snapshots } from './snapshots.js';
import { createSocketStats } from './socket-stats.js';
import { createSpawner, type Spawner } from './spawner.js';
import type { WorkerTotals } from './upgrade/link-frames.js';
import type { UpgradeEffect } from './upgrade/successor.js';
import { workerFlags } from './v8-flags.js';

/** How long a worker may drain before it is killed. */
const MERCY_MS = 60_000;
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
  readonly #watch = watchProcesses();
  readonly #spawner: Spawner;
  readonly #measureSockets: ReturnType<typeof createSocketStats>;
  readonly #queue: MasterEvent[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #state: MasterState;
  #sockets: UwsgiSocket[];
  #isStepping = false;
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
    this.#state = initialState(options.processes, {
      mercyMs: MERCY_MS,
      cores: options.async ?? 1,
    });
    this.ended = new Promise((resolve) => (this.#end = resolve));
    const identity = identify(options, surroundings.owner);
    this.bootId = identity.bootId;
    this.snapshots = createSnapshots({
      identity,
      state: () => this.#state,
      registry: this.#registry,
      sockets: () => this.#sockets,
      watch: this.#watch,
    });
    const post = (event: MasterEvent): void => {
      this.post(event);
    };
    this.orders = createOrders(post, () => this.snapshots.document());
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
        post({ type: 'exited', pid, ...how });
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
    });
    this.#every(MEASURE_MS, () => {
      this.#measure();
    });
    this.post({ type: 'tick' });
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
      needApp: options['need-app'] || this.#surroundings.isOnTrial(),
    });
    if (pid !== undefined) this.post({ type: 'spawned', worker, pid });
  }

  #onFrame(pid: number, frame: WorkerFrame): void {
    const slot = slotOf(this.#state, pid);
    if (slot === undefined) return;
    switch (frame.type) {
      case 'sample':
        this.#registry.fold(slot.id, pid, frame);
        break;
      case 'ready':
        this.post({ type: 'ready', pid, app: frame.app, loadedInMs: frame.loadedInMs });
        // The first figures need not wait for the next second.
        this.#measureProcesses();
        break;
      case 'fault':
        this.post({ type: 'fault', pid });
        break;
    }
  }

  /** Memory and CPU of every process; the pids of the workers'. */
  #measureProcesses(): readonly number[] {
    const pids = this.#state.slots.flatMap(({ processes }) => processes.map(({ pid }) => pid));
    void this.#watch.measure([process.pid, ...pids]);
    return pids;
  }

  /** What the kernel knows, once a second; and the total that request log lines show. */
  #measure(): void {
    this.#sockets = this.#measureSockets();
    const pids = this.#measureProcesses();
    if (this.#options['disable-logging']) return;
    const total = this.#registry.requests();
    for (const pid of pids) {
      const own = this.#registry.sample(pid)?.requests ?? 0;
      this.#spawner.send(pid, { type: 'others', requests: total - own });
    }
  }
}
