import { step } from '../../server/master/decide/arbiter.js';
import type { MasterEffect, MasterEvent } from '../../server/master/decide/events.js';
import type { RecycleRules } from '../../server/master/decide/recycle-rules.js';
import { serving, type WorkerSlot } from '../../server/master/decide/slots.js';
import { initialState, type MasterState, type Settings } from '../../server/master/decide/state.js';

export const MERCY_MS = 60_000;

/** Rules that are met by a few requests, a few bytes and after half a minute. */
export const EAGER_RULES: RecycleRules = {
  maxRequests: 10,
  maxRequestsDelta: 1,
  maxLifetimeMs: 30_000,
  maxLifetimeDeltaMs: 0,
  minLifetimeMs: 100,
  rss: 9,
  uss: null,
  pss: null,
  budget: null,
  heap: null,
  evilRss: 10,
};

export const SETTINGS: Settings = {
  mercyMs: MERCY_MS,
  cores: 1,
  harakiriGraceMs: 0,
  harakiriVerbose: false,
};

/** Plays the shell around the arbiter: a clock that only moves when told, and pids in order. */
export class MasterDriver {
  state: MasterState;
  now = 0;
  /** Effects since `take` was last called. */
  #effects: MasterEffect[] = [];
  #lastPid = 100;

  constructor(workers: number, settings: Partial<Settings> = {}, routers = 0) {
    this.state = initialState(workers, { ...SETTINGS, ...settings }, routers);
  }

  /** Gives an event; returns what it caused. */
  post(event: MasterEvent): readonly MasterEffect[] {
    const [state, effects] = step(this.state, event, this.now);
    this.state = state;
    this.#effects.push(...effects);
    return effects;
  }

  tick(): readonly MasterEffect[] {
    return this.post({ type: 'tick' });
  }

  /** Moves the clock and lets the master look at it. */
  wait(ms: number): readonly MasterEffect[] {
    this.now += ms;
    return this.tick();
  }

  /** Starts a process for every spawn that was ordered and not yet answered; returns the pids. */
  spawnOrdered(): number[] {
    const pids: number[] = [];
    for (const { id, spawning } of this.state.slots) {
      if (!spawning) continue;
      const pid = ++this.#lastPid;
      this.post({ type: 'spawned', worker: id, pid });
      pids.push(pid);
    }
    return pids;
  }

  /** The same for routers. */
  spawnRouters(): number[] {
    const pids: number[] = [];
    for (const { id, spawning } of this.state.routers) {
      if (!spawning) continue;
      const pid = ++this.#lastPid;
      this.post({ type: 'router-spawned', router: id, pid });
      pids.push(pid);
    }
    return pids;
  }

  /** Spawns all routers that were ordered and makes them accept; returns their pids. */
  bootRouters(): number[] {
    const pids = this.spawnRouters();
    for (const pid of pids) this.post({ type: 'router-ready', pid });
    this.take();
    return pids;
  }

  ready(pid: number, app = true): readonly MasterEffect[] {
    return this.post({ type: 'ready', pid, app, loadedInMs: 10 });
  }

  exit(pid: number, code: number): readonly MasterEffect[] {
    return this.post({ type: 'exited', pid, code, signal: null, signalNumber: null });
  }

  /** As when the kernel or an operator killed it with signal 9. */
  killed(pid: number): readonly MasterEffect[] {
    return this.post({ type: 'exited', pid, code: null, signal: 'SIGKILL', signalNumber: 9 });
  }

  reload(order: number, worker: number | 'all' = 'all'): readonly MasterEffect[] {
    return this.post({ type: 'reload', worker, order });
  }

  /** Spawns all workers and makes them ready; returns their pids. */
  boot(): number[] {
    this.tick();
    const pids = this.spawnOrdered();
    for (const pid of pids) this.ready(pid);
    this.take();
    return pids;
  }

  slot(id: number): WorkerSlot {
    const slot = this.state.slots.find((candidate) => candidate.id === id);
    if (slot === undefined) throw new Error(`there is no worker ${id}`);
    return slot;
  }

  /** The pids that serve, by worker; 0 where none does. */
  serving(): number[] {
    return this.state.slots.map((slot) => serving(slot)?.pid ?? 0);
  }

  /** All effects since the last call. */
  take(): MasterEffect[] {
    return this.#effects.splice(0);
  }
}

/** The log lines among effects. */
export function lines(effects: readonly MasterEffect[]): string[] {
  return effects.flatMap((effect) => (effect.type === 'log' ? [effect.line] : []));
}

/** The effects of one kind. */
export function only<T extends MasterEffect['type']>(
  effects: readonly MasterEffect[],
  type: T,
): Extract<MasterEffect, { type: T }>[] {
  return effects.filter(
    (effect): effect is Extract<MasterEffect, { type: T }> => effect.type === type,
  );
}
