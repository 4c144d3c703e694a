import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConfiguredEvent, MasterEffect } from '../../../server/master/decide/events.js';
import { active } from '../../../server/master/decide/state.js';
import { MasterDriver, SETTINGS } from '../../support/master-driver.js';

/** What was read again says so many workers. */
function configured(workers: number, change: Partial<ConfiguredEvent> = {}): ConfiguredEvent {
  const lists = { files: ['/app.ini'], changed: [], pending: [] };
  return { type: 'configured', settings: SETTINGS, workers, ...lists, ...change };
}

function reloadWith(master: MasterDriver, renewed: ConfiguredEvent): readonly MasterEffect[] {
  return master.post({ type: 'reload', worker: 'all', order: 0, renewed });
}

function linesOf(effects: readonly MasterEffect[]): string[] {
  return effects.flatMap((effect) => (effect.type === 'log' ? [effect.line] : []));
}

function wanted(master: MasterDriver): number[] {
  return active(master.state).map(({ id }) => id);
}

describe('a configuration that was read again', () => {
  test('more workers are spawned once, in the reload that reads it', () => {
    const master = new MasterDriver(2);
    master.boot();
    reloadWith(master, configured(4));
    assert.deepEqual(wanted(master), [1, 2, 3, 4]);
    for (let round = 0; round < 6; round++) {
      for (const pid of master.spawnOrdered()) master.ready(pid);
    }
    assert.equal(master.state.generation, 1);
    assert.deepEqual(
      master.state.slots.map(({ spawns }) => spawns),
      [2, 2, 1, 1],
    );
  });

  test('fewer workers drain, and stay with what they have counted', () => {
    const master = new MasterDriver(3);
    const pids = master.boot();
    const effects = reloadWith(master, configured(1));
    assert.deepEqual(wanted(master), [1]);
    assert.equal(master.state.slots.length, 3);
    const drained = effects.flatMap((each) => (each.type === 'send' ? [each.pid] : []));
    assert.deepEqual(drained, pids.slice(1));
    const more = linesOf(master.post({ type: 'scale-to', workers: 3, order: 0 }));
    assert.match(more.join(), /cannot be 3: --processes is 1/);
  });

  test('a number that was chosen by hand stays while --processes does', () => {
    const master = new MasterDriver(3);
    master.boot();
    master.post({ type: 'scale-to', workers: 2, order: 0 });
    reloadWith(master, configured(3));
    assert.equal(wanted(master).length, 2);
    reloadWith(master, configured(4));
    assert.equal(wanted(master).length, 4);
  });

  test('its settings hold at once', () => {
    const master = new MasterDriver(1);
    const [pid = 0] = master.boot();
    reloadWith(master, configured(1, { settings: { ...SETTINGS, mercyMs: 5 } }));
    for (const fresh of master.spawnOrdered()) master.ready(fresh);
    master.take();
    const killed = master.wait(6).filter(({ type }) => type === 'sigkill');
    assert.deepEqual(killed, [{ type: 'sigkill', pid }]);
  });

  test('each change is a line, what is fixed is a warning, and both are kept', () => {
    const master = new MasterDriver(1);
    master.boot();
    const changed = ['a: 1 → 2', 'b: 1 → 2', 'c: 1 → 2', 'd: 1 → 2', 'e: 1 → 2', 'f: 1 → 2'];
    const event = configured(1, { changed, pending: ['http: :1 → :2'] });
    const lines = linesOf(reloadWith(master, event));
    assert.equal(lines[0], 'configuration: a: 1 → 2');
    assert.equal(lines[6], 'configuration: http: :1 → :2 takes an upgrade (SIGUSR2) or a restart');
    assert.deepEqual(
      master.state.events.map(({ kind, text }) => [kind, text]),
      [
        ['config-changed', `${changed.slice(0, 5).join('; ')}; and 1 more`],
        ['config-pending', 'http: :1 → :2 · takes an upgrade (SIGUSR2) or a restart'],
      ],
    );
    reloadWith(master, configured(1, { pending: ['http: :1 → :2'] }));
    assert.equal(master.state.events.length, 2, 'what still waits is no news');
  });

  test('one that cannot be used changes nothing, and the reload goes on', () => {
    const master = new MasterDriver(2);
    master.boot();
    reloadWith(master, configured(2, { changed: ['a: 1 → 2'] }));
    const problems = Array.from({ length: 60 }, (_, at) => `app.ini:${at}: wrong`);
    const lines = linesOf(
      master.post({
        ...{ type: 'reload', worker: 'all', order: 0 },
        renewed: { type: 'config-refused', problems },
      }),
    );
    assert.equal(lines.filter((line) => line.endsWith(': wrong')).length, 60);
    const { config, events, reload } = master.state;
    assert.deepEqual([config.problems.length, config.problems[50]], [51, 'and 10 more']);
    assert.deepEqual(config.changed, ['a: 1 → 2']);
    assert.notEqual(reload, null);
    assert.match(events.at(-1)?.text ?? '', /^refused: app\.ini:0: wrong · 59 more$/);
  });

  test('who ordered the reload hears why it was refused, as data beside the sentence', () => {
    const master = new MasterDriver(1);
    master.boot();
    const problems = ['app.ini:4: wrong'];
    const renewed = { type: 'config-refused', problems } as const;
    const reloaded = (given: ConfiguredEvent | typeof renewed): readonly MasterEffect[] => {
      master.post({ type: 'reload', worker: 'all', order: 5, renewed: given });
      for (const fresh of master.spawnOrdered()) master.ready(fresh);
      return master.take().filter(({ type }) => type === 'outcome');
    };
    const [refused] = reloaded(renewed);
    assert.ok(refused?.type === 'outcome' && refused.ok);
    assert.match(refused.message, /, with the configuration from before$/);
    assert.deepEqual(refused.problems, problems);
    const [taken] = reloaded(configured(1));
    assert.ok(taken?.type === 'outcome' && taken.ok);
    assert.equal('problems' in taken, false);
  });

  test('the one from before holds again after a reload that was abandoned', () => {
    const master = new MasterDriver(1);
    master.boot();
    const problem = 'the reload was abandoned: worker 1 exited with code 22';
    const lines = linesOf(master.post(configured(1, { changed: ['a: 2 → 1'], problem })));
    assert.deepEqual(lines, [
      `*** the configuration from before holds again: ${problem} ***`,
      'configuration: a: 2 → 1',
    ]);
    assert.deepEqual(master.state.config.problems, [problem]);
    assert.deepEqual(master.state.config.changed, []);
  });
});
