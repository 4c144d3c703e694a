import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { step } from '../../../server/master/decide/arbiter.js';
import type { MasterEffect, MasterEvent } from '../../../server/master/decide/events.js';
import { initialState, type MasterState, serving } from '../../../server/master/decide/state.js';

const MERCY_MS = 5000;

/** What the world does next: it passes time, a process misbehaves, or somebody gives an order. */
type Act =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'die'; readonly which: number; readonly code: number }
  | { readonly kind: 'fault'; readonly which: number }
  | { readonly kind: 'reload'; readonly worker: number }
  | { readonly kind: 'kill'; readonly which: number; readonly signal: Signal }
  | { readonly kind: 'stop'; readonly graceful: boolean };

type Signal = Extract<MasterEvent, { type: 'kill' }>['signal'];

/** How a process that is spawned next will behave. */
interface Nature {
  readonly spawnMs: number;
  readonly loadMs: number;
  /** What becomes of it: serves, serves 500 without the application, or exits while it loads. */
  readonly fate: 'serves' | 'empty' | 1 | 17 | 22;
  /** How long it takes to obey; null when it must be killed. */
  readonly obeysMs: number | null;
}

interface Fake {
  readonly pid: number;
  readonly worker: number;
  readonly nature: Nature;
  isReady: boolean;
  isDraining: boolean;
}

const GOOD: Nature = { spawnMs: 0, loadMs: 50, fate: 'serves', obeysMs: 10 };

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
    this.state = initialState(workers, { mercyMs: MERCY_MS, cores: 1 });
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
        const order = this.#newOrder();
        const worker = act.worker === 0 ? 'all' : act.worker;
        this.post({ type: 'reload', worker, order });
        break;
      }
      case 'kill':
        this.#withProcess(act.which, ({ pid }) => {
          const order = this.#newOrder();
          this.post({ type: 'kill', pid, signal: act.signal, order });
        });
        break;
      case 'stop':
        this.isStopping = true;
        this.post({ type: 'stop', graceful: act.graceful });
        break;
    }
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
    switch (effect.type) {
      case 'spawn':
        if (this.isStopping) this.spawnsAfterStop++;
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
        break;
      case 'launch-successor':
      case 'end-successor':
      case 'hand-over':
        assert.fail('nobody asked for an upgrade here; see upgrade.test.ts');
    }
  }

  #spawn(worker: number): void {
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

const nature: fc.Arbitrary<Nature> = fc.record({
  spawnMs: fc.integer({ min: 0, max: 200 }),
  loadMs: fc.integer({ min: 0, max: 3000 }),
  fate: fc.constantFrom<Nature['fate']>('serves', 'serves', 'serves', 'empty', 1, 17, 22),
  obeysMs: fc.option(fc.integer({ min: 0, max: 8000 })),
});

const which = fc.nat(20);

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.nat(4000) }) },
  fc.record({ kind: fc.constant('die'), which, code: fc.constantFrom(0, 1, 17, 22, 23) }),
  fc.record({ kind: fc.constant('fault'), which }),
  fc.record({ kind: fc.constant('reload'), worker: fc.nat(9) }),
  fc.record({
    kind: fc.constant('kill'),
    which,
    signal: fc.constantFrom<Signal>('TERM', 'HUP', 'INT', 'KILL'),
  }),
);

const life = fc.record({
  workers: fc.integer({ min: 1, max: 8 }),
  natures: fc.array(nature, { maxLength: 60, size: 'max' }),
  /** Without it, a boot among such processes mostly fails. */
  bootsWell: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
  acts: fc.array(act, { maxLength: 60, size: 'max' }),
});

type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

function live({ workers, natures, bootsWell, acts }: Life): World {
  const boot = bootsWell ? Array.from({ length: workers }, () => GOOD) : [];
  const world = new World(workers, [...boot, ...natures]);
  if (bootsWell) world.pass(500);
  for (const next of acts) world.act(next);
  return world;
}

describe('whatever happens, the arbiter', () => {
  test('keeps its promises, and once processes start again all workers serve and all orders are told', () => {
    fc.assert(
      fc.property(life, (given) => {
        const world = live(given);
        world.behave();
        world.pass(120_000);
        if (world.halts > 0) {
          assert.equal(world.state.booted, false, 'only a failed boot ends it by itself');
          assert.ok([1, 22].includes(world.state.exitCode));
        } else {
          assert.ok(world.state.slots.every((slot) => serving(slot) !== undefined));
          assert.ok([...world.processes.values()].every((fake) => !fake.isDraining));
        }
        assert.deepEqual([...world.open], [], 'every order has its outcome');
      }),
      { numRuns: 100 },
    );
  });

  test('after a stop always halts once, within the mercies, and spawns nothing', () => {
    const stops = fc.array(
      fc.oneof(
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.nat(1900) }) },
        {
          weight: 2,
          arbitrary: fc.record({ kind: fc.constant('stop'), graceful: fc.boolean() }),
        },
        act,
      ),
      { maxLength: 50, size: 'max' },
    );
    fc.assert(
      fc.property(life, fc.boolean(), stops, (given, graceful, after) => {
        const world = live(given);
        const from = world.now;
        world.act({ kind: 'stop', graceful });
        for (const next of after as Act[]) world.act(next);
        world.pass(Math.max(0, from + MERCY_MS + 500 - world.now));
        assert.equal(world.halts, 1, `${world.now - from} ms after the stop`);
        assert.deepEqual([...world.open], [], 'every order has its outcome');
      }),
      { numRuns: 150 },
    );
  });

  test('decides the same again for the same events', () => {
    fc.assert(
      fc.property(life, (given) => {
        const world = live(given);
        let state = initialState(given.workers, { mercyMs: MERCY_MS, cores: 1 });
        for (const { event, now, effects } of world.history) {
          const [next, again] = step(state, event, now);
          assert.deepEqual(again, effects);
          state = next;
        }
        assert.deepEqual(state, world.state);
      }),
      { numRuns: 50 },
    );
  });
});
