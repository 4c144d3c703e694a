import type { LevelledLog } from '../log.js';
import { changeLogFiles } from '../logging/change-files.js';
import type { ReadAgain } from '../options/reading.js';
import type { Options } from '../options/table.js';
import type { MasterFrame } from '../wire/frames.js';
import type { MemoryDocument } from '../../shared/memory/history.js';
import { step } from './decide/arbiter.js';
import {
  isOfProcesses,
  type MasterEffect,
  type MasterEvent,
  type ProcessEffect,
} from './decide/events.js';
import { createRegistry } from './decide/registry.js';
import { choosesWhoLeaves } from './decide/load.js';
import { isAtRest } from './decide/rest.js';
import { initialState, type MasterState } from './decide/state.js';
import { type Activity, activityOf } from './activity.js';
import { type Configuration, createConfiguration, type Following } from './configuration.js';
import { configAtStart } from './decide/config-state.js';
import { type CompanionStart, type Companions, createCompanions } from './companions.js';
import { comparisonParts } from './comparisons.js';
import { type Listeners, publicSockets, socketsOfWorker } from './listeners.js';
import { createMemoryPage } from './memory-page.js';
import { createOrders, type Orders } from './orders.js';
import { createOversight, type Oversight } from './oversight.js';
import { createQuestions } from './questions.js';
import { tellEvent } from './tell-event.js';
import { settingsOf } from './settings.js';
import { createSnapshots, identify, type Snapshots } from './snapshots.js';
import { createSpawner, type Spawner } from './spawner.js';
import { statisticsLines } from './statistics.js';
import type { WorkerTotals } from './upgrade/link-frames.js';
import type { UpgradeEffect } from './upgrade/successor.js';
import { workerConfig } from './worker-config.js';
import { WorkerHearing } from './worker-hearing.js';
import { workerStart } from './worker-start.js';
import { whileNeeded } from './while-needed.js';

/** How often deadlines are looked at, while there are any. */
const TICK_MS = 100;
/** How often silence is looked for, cheaper decides, and totals are told to the workers. */
const LOOK_MS = 1000;

/** What the master needs of the instance around it. */
export interface Surroundings extends CompanionStart, Following {
  /** Who the master is once it serves. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** The path of the program that workers run. */
  readonly workerEntry: string;
  /** The path of the program that compares snapshots. */
  readonly comparisonEntry: string;
  /** Deals with new masters. */
  readonly upgrade: (effect: UpgradeEffect) => void;
  /** Sees every new state. */
  readonly observe: (state: MasterState) => void;
  /** Whether an old master still serves: then a worker without its application must not. */
  readonly isOnTrial: () => boolean;
  /** Whether a command waits until this instance serves: then it must, as with --need-app. */
  readonly isAwaited: () => boolean;
  /** What the instance was started from. */
  readonly reading: ReadAgain;
}

/**
 * The shell around the arbiter: it owns the processes, the clock and the books, turns what happens
 * into events and performs the effects. It decides nothing.
 */
export class Master {
  readonly snapshots: Snapshots;
  readonly orders: Orders;
  /** The memory of the workers over the last hour, as `GET /memory` serves it. */
  readonly memory: () => MemoryDocument;
  readonly bootId: string;
  /** Settles with the exit code when every worker is gone. */
  readonly ended: Promise<number>;

  readonly #configuration: Configuration;
  readonly #log: LevelledLog;
  readonly #surroundings: Surroundings;
  readonly #registry = createRegistry();
  readonly #oversight: Oversight;
  readonly #spawner: Spawner;
  readonly #hearing: WorkerHearing;
  readonly #companions: Companions;
  readonly #queue: MasterEvent[] = [];
  #looking: NodeJS.Timeout | undefined;
  readonly #ticking = whileNeeded(TICK_MS, () => {
    this.post({ type: 'tick' });
    // At every tick, since many requests are answered in a second.
    const measured = this.#oversight.measured();
    if (measured !== null) this.post(measured);
  });
  #state: MasterState;
  #isStepping = false;
  #end: (code: number) => void = () => undefined;

  constructor(
    options: Options,
    listeners: Listeners,
    log: LevelledLog,
    surroundings: Surroundings,
  ) {
    this.#log = log;
    this.#surroundings = surroundings;
    const { inner } = listeners;
    this.#configuration = createConfiguration({ ...surroundings, options, log, inner });
    const { options: holding } = this.#configuration;
    const routers = listeners.routed.length === 0 ? 0 : options['http-processes'];
    const settings = settingsOf(options);
    this.#state = {
      ...initialState(options.processes, settings, routers, surroundings.isOnTrial()),
      config: configAtStart(surroundings.reading.files, performance.now()),
    };
    const post = (event: MasterEvent): void => {
      this.post(event);
    };
    const send = (pid: number, frame: MasterFrame): void => {
      this.#spawner.send(pid, frame);
    };
    const state = (): MasterState => this.#state;
    const isRead = (): boolean => this.snapshots.isRead();
    const common = { options: holding, post, state };
    this.#companions = createCompanions({ ...common, listeners, isRead }, surroundings);
    const sockets = publicSockets(listeners);
    this.#oversight = createOversight({
      ...{ ...common, sockets, registry: this.#registry, send },
      companions: this.#companions,
      pids: () => this.#pids(),
      isRead,
    });
    this.ended = new Promise((resolve) => (this.#end = resolve));
    const identity = identify(options, surroundings.owner);
    this.bootId = identity.bootId;
    this.snapshots = createSnapshots(options, {
      ...{ identity, state, registry: this.#registry, oversight: this.#oversight },
      ...this.#companions.sources,
    });
    const { bootId } = identity;
    this.memory = createMemoryPage({ bootId, state, oversight: this.#oversight });
    const questions = createQuestions(send, comparisonParts(options, surroundings));
    this.orders = createOrders(post, () => this.snapshots.document(), {
      ...{ ...questions, askQueue: this.#companions.askQueue },
      setLogLevel: (level) => (log.level = level),
    });
    const socketsOf = (worker: number) => socketsOfWorker(listeners, worker);
    const start = workerStart(holding, surroundings);
    const books = { registry: this.#registry, oversight: this.#oversight };
    this.#hearing = new WorkerHearing({ state, post, ...books, questions });
    this.#spawner = createSpawner(socketsOf, start, this.#hearing);
  }

  /** Spawns the workers; from now on the master keeps them. */
  start(): void {
    this.#looking = setInterval(() => {
      this.#oversight.look();
    }, LOOK_MS);
    this.post({ type: 'tick' });
  }

  /** Gives the files that the application was loaded from to `listener`, as workers tell them. */
  onModuleFiles(listener: (files: readonly string[]) => void): void {
    this.#hearing.onModuleFiles(listener);
  }

  /**
   * Takes an event; events that an effect causes are taken after it, in order. Before all workers are
   * reloaded the configuration is read again.
   */
  post(event: MasterEvent): void {
    if (event.type !== 'reload' || event.worker !== 'all' || this.#state.phase !== 'running') {
      this.#take(event);
      return;
    }
    void this.#configuration.renew().then((renewed) => {
      this.#take({ ...event, renewed });
    });
  }

  #take(event: MasterEvent): void {
    if (choosesWhoLeaves(this.#state, event)) this.#queue.push(this.#oversight.load());
    this.#queue.push(event);
    if (this.#isStepping) return;
    this.#isStepping = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (this.#log.level === 'debug') tellEvent(next, this.#log);
      if (next.type === 'reload' && next.worker === 'all') this.#surroundings.logs.reloaded();
      const [decided, effects] = step(this.#state, next, performance.now());
      if (decided !== this.#state) this.snapshots.invalidate();
      this.#state = decided;
      for (const effect of effects) this.#perform(effect);
      this.#companions.observe(this.#state);
      this.#surroundings.observe(this.#state);
      const reverted = this.#configuration.observe(this.#state);
      if (reverted !== null) this.#queue.push(reverted);
    }
    this.#isStepping = false;
    // At rest there are no deadlines, and each look at the clock takes its time from the workers.
    this.#ticking(this.#state.phase !== 'halted' && !isAtRest(this.#state));
  }

  /** What every worker id has counted, masters before this one included. */
  readonly totals = (): readonly WorkerTotals[] => this.#registry.estate();

  /** What there is to do now, from the books: nothing is measured for it. */
  readonly activity = (): Activity => activityOf(this.#state, this.#registry);

  /** Takes over what the masters before this one counted. */
  inherit(workers: readonly WorkerTotals[]): void {
    for (const [worker, totals] of workers) this.#registry.inherit(worker, totals);
  }

  #perform(effect: MasterEffect): void {
    if (isOfProcesses(effect)) this.#act(effect);
    else this.#tell(effect);
  }

  #act(effect: ProcessEffect): void {
    if (effect.type === 'spawn') {
      this.#spawn(effect.worker);
      return;
    }
    // A pid is either a worker's or a companion's, and nothing to the other of the two.
    if (effect.type === 'send') this.#spawner.send(effect.pid, { type: effect.frame });
    else if (effect.type === 'sigkill') this.#spawner.kill(effect.pid);
    this.#companions.perform(effect);
  }

  #tell(effect: Exclude<MasterEffect, ProcessEffect>): void {
    switch (effect.type) {
      case 'log':
        this.#log(effect.line, effect.severity);
        break;
      case 'outcome':
        this.orders.conclude(effect);
        break;
      case 'statistics':
        statisticsLines(this.snapshots.document()).forEach((line) => {
          this.#log(line);
        });
        break;
      case 'log-files':
        changeLogFiles(this.#surroundings.logs, effect.how, this.#log);
        break;
      case 'halt':
        clearInterval(this.#looking);
        this.#end(effect.code);
        break;
      case 'launch-successor':
      case 'hand-over':
      case 'end-successor':
        this.#surroundings.upgrade(effect);
    }
  }

  #spawn(worker: number): void {
    const options = this.#configuration.options();
    const { isOnTrial, isAwaited } = this.#surroundings;
    const needApp = options['need-app'] || isOnTrial() || isAwaited();
    const pid = this.#spawner.spawn(workerConfig(options, this.#state, worker, needApp));
    if (pid === undefined) return;
    this.#oversight.born(pid);
    this.post({ type: 'spawned', worker, pid });
  }

  #pids(): readonly number[] {
    return this.#state.slots.flatMap(({ processes }) => processes.map(({ pid }) => pid));
  }
}
