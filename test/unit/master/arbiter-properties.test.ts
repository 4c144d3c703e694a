import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { step } from '../../../server/master/decide/arbiter.js';
import { serving } from '../../../server/master/decide/slots.js';
import { active, initialState } from '../../../server/master/decide/state.js';
import { MERCY_MS, SETTINGS, type Act, act, life, live } from '../../support/master-world.js';

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
          const wanted = active(world.state);
          assert.ok(wanted.length >= 1, 'one worker is always wanted');
          assert.ok(wanted.every((slot) => serving(slot) !== undefined));
          assert.equal(world.processes.size, wanted.length, 'cheap workers have no process');
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
        let state = initialState(given.workers, SETTINGS);
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
