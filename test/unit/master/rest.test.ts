import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { step } from '../../../server/master/decide/arbiter.js';
import { isAtRest } from '../../../server/master/decide/rest.js';
import { initialState } from '../../../server/master/decide/state.js';
import { EAGER_RULES, MasterDriver, SETTINGS } from '../../support/master-driver.js';
import { life, live } from '../../support/master-world.js';

const A_DAY = 86_400_000;

describe('a master at rest', () => {
  test('has every wanted worker serving, and waits for nothing', () => {
    const master = new MasterDriver(2);
    assert.equal(isAtRest(master.state), false, 'nothing is spawned');
    const [first = 0, second = 0] = master.boot();
    assert.equal(isAtRest(master.state), true);
    master.exit(first, 1);
    assert.equal(isAtRest(master.state), false, 'a process is missing');
    master.wait(60_000);
    const [again = 0] = master.spawnOrdered();
    assert.equal(isAtRest(master.state), false, 'a process starts');
    master.ready(again);
    assert.equal(isAtRest(master.state), true);
    master.reload(1, 2);
    assert.equal(isAtRest(master.state), false, 'a worker is replaced');
    const [fresh = 0] = master.spawnOrdered();
    master.ready(fresh);
    assert.equal(isAtRest(master.state), false, 'the old process drains');
    master.exit(second, 17);
    assert.equal(isAtRest(master.state), true);
    master.post({ type: 'stop', graceful: true, by: 'SIGTERM' });
    assert.equal(isAtRest(master.state), false, 'it stops');
  });

  test('is never one whose workers are recycled: their rules look at the time', () => {
    const master = new MasterDriver(1, { recycling: EAGER_RULES });
    master.boot();
    assert.equal(isAtRest(master.state), false);
  });

  test('misses nothing by not looking at the clock, whatever happened before', () => {
    let rests = 0;
    fc.assert(
      fc.property(life, fc.nat(A_DAY), (given, later) => {
        let state = initialState(given.workers, SETTINGS);
        for (const { event, now } of live(given).history) {
          [state] = step(state, event, now);
          if (!isAtRest(state)) continue;
          rests++;
          const [next, effects] = step(state, { type: 'tick' }, now + later);
          assert.deepEqual(effects, []);
          assert.equal(next, state);
        }
      }),
      { numRuns: 50 },
    );
    assert.ok(rests > 0);
  });
});
