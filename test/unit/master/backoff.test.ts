import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { chanceOf, respawnDelay } from '../../../server/master/decide/backoff.js';

const deaths = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const chance = fc.double({ min: 0, max: 1, noNaN: true });

describe('the wait before a respawn', () => {
  test('is none for three deaths, then within the last fifth of half a second, doubling up to five', () => {
    for (const [count, longest] of [0, 0, 0, 0, 500, 1000, 2000, 4000, 5000, 5000].entries()) {
      assert.equal(respawnDelay(deaths(count), 0), longest);
      assert.equal(respawnDelay(deaths(count), 1), longest * 0.8);
    }
  });

  test('is never shorter than the one before, whatever chance says, until it is the longest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 }), chance, chance, (count, one, other) => {
        assert.ok(respawnDelay(deaths(count + 1), other) >= respawnDelay(deaths(count), one));
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 16 }), chance, (count, one) => {
        const wait = respawnDelay(deaths(count), one);
        assert.ok(wait >= 4000 && wait <= 5000);
      }),
    );
  });

  test('differs between workers that died together, and between the deaths of one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1024 }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (worker, now) => {
          const own = chanceOf(worker, now);
          assert.ok(own >= 0 && own <= 1);
          assert.equal(chanceOf(worker, now), own);
          assert.notEqual(chanceOf(worker + 1, now), own);
        },
      ),
    );
    const shares = Array.from({ length: 1000 }, (_, id) => chanceOf(id + 1, 12_345.678));
    for (let tenth = 0; tenth < 10; tenth++) {
      const count = shares.filter((share) => Math.floor(share * 10) === tenth).length;
      assert.ok(count > 50 && count < 150, `${count} of 1000 in tenth ${tenth}`);
    }
  });
});
