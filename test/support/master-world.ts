import assert from 'node:assert/strict';
import fc from 'fast-check';
import { step } from '../../server/master/decide/arbiter.js';
import type { ReloadMode } from '../../shared/commands.js';
import type { MasterEffect, MasterEvent } from '../../server/master/decide/events.js';
import type { Measurement } from '../../server/master/decide/recycle-rules.js';
import { initialState, type MasterState } from '../../server/master/decide/state.js';
import { EAGER_RULES, SETTINGS as PLAIN } from './master-driver.js';
import { GOOD, type Nature, nature } from './process-nature.js';

/** A world around the arbiter whose processes behave as badly as fast-check can think of. */

export const MERCY_MS = 5000;

export const SETTINGS = { ...PLAIN, mercyMs: MERCY_MS, recycling: EAGER_RULES };

/** What the world does next: it passes time, a process misbehaves, or somebody gives an order. */
export type Act =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'die'; readonly which: number; readonly code: number }
  | { readonly kind: 'fault'; readonly which: number }
  | { readonly kind: 'reload'; readonly worker: number; readonly how: ReloadMode }
  | { readonly kind: 'measure'; readonly requests: number; readonly rss: number }
  | { readonly kind: 'kill'; readonly which: number; readonly signal: Signal }
  | { readonly kind: 'stop'; readonly graceful: boolean }
  | { readonly kind: 'signal'; readonly which: number; readonly signal: (typeof SENT)[number] }
  | { readonly kind: 'order'; readonly event: Ordered };

type Ordered = { readonly type: 'scale-to'; readonly workers: number } | { readonly type: 'pause' };

const SENT = ['SIGHUP', 'SIGTERM', 'SIGINT'] as const;
type Signal = Extract<MasterEvent, { type: 'kill' }>['signal'];

interface Fake {
  readonly pid: number;
  readonly worker: number;
  readonly nature: Nature;
  isReady: boolean;
  isDraining: boolean;
}

/** A process table under a virtual clock, which obeys the arbiter and holds it to its promises. */
class World {
  state: MasterState;
  now = 0;
  readonly processes = new Map<number, Fake>();
  readonly history: { event: MasterEvent; now: number; effects: readonly MasterEffect[] }[] = [];
  readonly open = new Set<number>();
  halts = 0;
  isStopping = false;
  spawnsAfterStop = 0;
  #agenda: { at: number; run: () => void }[] = [];
  #natures: Nature[];
  #pid = 100;
  #order = 0;

  constructor(workers: number, natures: readonly Nature[]) {
    this.state = initialState(workers, SETTINGS);
    this.#natures = [...natures];
    this.post({ type: 'tick' });
  }

  post(event: MasterEvent): void {
    const [state, effects] = step(this.state, event, this.now);
    this.history.push({ event, now: this.now, effects });
    this.state = state;
    for (const effect of effects) this.#perform(effect);
    this.#check();
  }

  act(act: Act): void {
    switch (act.kind) {
      case 'wait':
        this.pass(act.ms);
        break;
      case 'die':
        this.#withProcess(act.which, ({ pid }) => {
          this.#exit(pid, act.code);
        });
        break;
      case 'fault':
        this.#withProcess(act.which, ({ pid }) => {
          this.post({ type: 'fault', pid });
        });
        break;
      case 'reload': {
        const worker = act.worker === 0 ? 'all' : act.worker;
        this.post({ type: 'reload', worker, order: this.#newOrder(), how: act.how });
        break;
      }
      case 'measure':
        this.#measure({ requests: act.requests, rss: act.rss, uss: null, pss: null, heap: null });
        break;
      case 'kill':
        this.#withProcess(act.which, ({ pid }) => {
          const order = this.#newOrder();
          this.post({ type: 'kill', pid, signal: act.signal, order });
        });
        break;
      case 'order':
        this.post({ ...act.event, order: this.#newOrder() });
        break;
      case 'stop':
        this.isStopping = true;
        this.post({ type: 'stop', graceful: act.graceful });
        break;
      case 'signal':
        this.#withProcess(act.which, (fake) => {
          const drains = act.signal === 'SIGTERM' && fake.isReady;
          this.post({ type: 'signalled', pid: fake.pid, signal: act.signal });
          // A worker obeys by itself; on HUP it waits for its master's word.
          if (act.signal === 'SIGHUP') return;
          this.#obey({ type: 'send', pid: fake.pid, frame: drains ? 'drain' : 'exit' });
        });
        break;
    }
  }

  #measure(given: Omit<Measurement, 'pid'>): void {
    const processes = [...this.processes.keys()].map((pid) => ({ pid, ...given }));
    this.post({ type: 'measured', processes });
  }

  /** Lets time pass in ticks of the master, and with it what was to happen meanwhile. */
  pass(ms: number): void {
    const until = this.now + ms;
    while (this.now < until && this.halts === 0) {
      this.now = Math.min(until, this.now + 100);
      for (;;) {
        const due = this.#agenda.filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        this.#agenda = this.#agenda.filter((entry) => entry !== due);
        due.run();
      }
      this.post({ type: 'tick' });
    }
  }

  /** From now on every process that is spawned starts, serves and obeys. */
  behave(): void {
    this.#natures = [];
  }

  #newOrder(): number {
    // A halted master takes no orders: its process is gone.
    if (this.halts > 0) return 0;
    this.open.add(++this.#order);
    return this.#order;
  }

  #withProcess(which: number, action: (fake: Fake) => void): void {
    const all = [...this.processes.values()];
    const chosen = all[which % Math.max(1, all.length)];
    if (chosen !== undefined && this.halts === 0) action(chosen);
  }

  #later(ms: number, run: () => void): void {
    this.#agenda.push({ at: this.now + ms, run });
  }

  #perform(effect: MasterEffect): void {
    if (isElsewhere(effect)) assert.fail(`nobody asked for ${effect.type} here`);
    switch (effect.type) {
      case 'spawn':
        this.#spawn(effect.worker);
        break;
      case 'send':
      case 'sigkill':
        this.#obey(effect);
        break;
      case 'outcome':
        assert.ok(this.open.delete(effect.order), `order ${effect.order} was told twice`);
        break;
      case 'halt':
        this.halts++;
        break;
      case 'log':
      case 'log-files':
      case 'statistics':
        break;
    }
  }

  #spawn(worker: number): void {
    if (this.isStopping) this.spawnsAfterStop++;
    const nature = this.#natures.shift() ?? GOOD;
    this.#later(nature.spawnMs, () => {
      const pid = ++this.#pid;
      const fake: Fake = { pid, worker, nature, isReady: false, isDraining: false };
      this.processes.set(pid, fake);
      this.post({ type: 'spawned', worker, pid });
      this.#later(nature.loadMs, () => {
        this.#loaded(fake);
      });
    });
  }

  #loaded(fake: Fake): void {
    const { pid, nature } = fake;
    if (!this.processes.has(pid)) return;
    if (typeof nature.fate === 'number') {
      this.#exit(pid, nature.fate);
      return;
    }
    fake.isReady = true;
    this.post({ type: 'ready', pid, app: nature.fate === 'serves', loadedInMs: nature.loadMs });
  }

  #obey(effect: Extract<MasterEffect, { type: 'send' | 'sigkill' }>): void {
    const fake = this.processes.get(effect.pid);
    assert.ok(fake, `${effect.type} for pid ${effect.pid}, which is gone`);
    if (effect.type === 'send' && (effect.frame === 'pause' || effect.frame === 'resume')) return;
    fake.isDraining = true;
    if (effect.type === 'sigkill') {
      this.#later(1, () => {
        this.#exit(effect.pid, null);
      });
      return;
    }
    if (fake.nature.obeysMs === null) return;
    this.#later(fake.nature.obeysMs, () => {
      this.#exit(effect.pid, effect.frame === 'drain' ? 17 : 30);
    });
  }

  #exit(pid: number, code: number | null): void {
    if (!this.processes.delete(pid)) return;
    const signal = code === null ? 'SIGKILL' : null;
    const signalNumber = code === null ? 9 : null;
    this.post({ type: 'exited', pid, code, signal, signalNumber });
  }

  #check(): void {
    assert.equal(this.spawnsAfterStop, 0, 'a process was spawned after the stop');
    assert.ok(this.halts <= 1, 'it halted twice');
    if (this.halts === 1) assert.equal(this.processes.size, 0, 'it halted over live processes');
    for (const { id, processes } of this.state.slots) {
      const ready = processes.filter(({ state }) => state === 'ready').length;
      const loading = processes.filter(({ state }) => state === 'starting').length;
      assert.ok(ready <= 1, `worker ${id} has ${ready} serving processes`);
      assert.ok(loading <= 1, `worker ${id} has ${loading} starting processes`);
    }
  }
}

const which = fc.nat(20);
const how = fc.constantFrom<ReloadMode>('rolling', 'chain', 'brutal');

export const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.nat(4000) }) },
  fc.record({ kind: fc.constant('die'), which, code: fc.constantFrom(0, 1, 17, 22, 23) }),
  fc.record({ kind: fc.constant('fault'), which }),
  fc.record({ kind: fc.constant('reload'), worker: fc.nat(9), how }),
  fc.record({ kind: fc.constant('measure'), requests: fc.nat(12), rss: fc.nat(11) }),
  fc.record({
    kind: fc.constant('kill'),
    which,
    signal: fc.constantFrom<Signal>('TERM', 'HUP', 'INT', 'KILL'),
  }),
  fc.record({ kind: fc.constant('signal'), which, signal: fc.constantFrom(...SENT) }),
  fc.nat(9).map((workers): Act => {
    return {
      kind: 'order',
      event: workers === 0 ? { type: 'pause' } : { type: 'scale-to', workers },
    };
  }),
);

export const life = fc.record({
  workers: fc.integer({ min: 1, max: 8 }),
  natures: fc.array(nature, { maxLength: 60, size: 'max' }),
  /** Without it, a boot among such processes mostly fails. */
  bootsWell: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
  acts: fc.array(act, { maxLength: 60, size: 'max' }),
});

type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

export function live({ workers, natures, bootsWell, acts }: Life): World {
  const boot = bootsWell ? Array.from({ length: workers }, () => GOOD) : [];
  const world = new World(workers, [...boot, ...natures]);
  if (bootsWell) world.pass(500);
  for (const next of acts) world.act(next);
  return world;
}

/** What is done for routers, spoolers and upgrades has tests of its own. */
const ELSEWHERE = [
  ...(['spawn-router', 'spawn-spooler', 'send-spooler', 'recover-queue'] as const),
  ...(['launch-successor', 'end-successor', 'hand-over'] as const),
] as const;

type Elsewhere = Extract<MasterEffect, { type: (typeof ELSEWHERE)[number] }>;

function isElsewhere(effect: MasterEffect): effect is Elsewhere {
  return ELSEWHERE.some((type) => type === effect.type);
}
