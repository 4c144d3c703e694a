import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDropWatch, type DropNews } from '../../../server/logging/drop-watch.js';
import { initialState } from '../../../server/master/decide/state.js';
import { step } from '../../../server/master/decide/arbiter.js';
import { settingsOf } from '../../../server/master/settings.js';
import { OPTIONS } from '../../../server/options/table.js';
import { readOptions } from '../../../shared/options.js';

/** A watch of the logger `fd:9`, at a time of its own. */
function watch() {
  const told: DropNews[] = [];
  let now = 0;
  const drops = createDropWatch(
    (news) => told.push(news),
    () => now,
  );
  const at = (time: number, lines: number, dropped: number): void => {
    now = time;
    drops.look('fd:9', { lines, bytes: 0, dropped });
  };
  return { told, at };
}

describe('lines that a logger drops', () => {
  test('are told of once when it begins and once, with their number, when it is over', () => {
    const { told, at } = watch();
    at(0, 10, 0);
    at(100, 10, 3);
    at(900, 12, 7);
    at(5000, 20, 9);
    assert.deepEqual(
      told.map(({ what, logger }) => [what, logger]),
      [['dropping', 'fd:9']],
    );
    at(9999, 30, 9);
    assert.equal(told.length, 1, 'it may drop again');
    at(10_000, 31, 9);
    assert.equal(told[1]?.text, 'fd:9 takes lines again: 9 were dropped');
    at(20_000, 40, 11);
    at(30_000, 41, 11);
    assert.equal(told[3]?.text, 'fd:9 takes lines again: 2 were dropped');
    assert.equal(told.length, 4);
  });

  test('are one spell for as long as nothing is written', () => {
    const { told, at } = watch();
    for (let time = 0; time < 100; time++) at(time * 10_000, 5, time + 1);
    at(2_000_000, 5, 100);
    assert.equal(told.length, 1);
  });

  test('are kept as events of the instance', () => {
    const read = readOptions(OPTIONS, []);
    assert.ok(read.ok);
    const state = initialState(1, settingsOf(read.value), 0, false);
    const text = 'fd:9 takes lines again: 9 were dropped';
    const news = { what: 'dropped', logger: 'fd:9', text } as const;
    const [after, effects] = step(state, { type: 'log-drops', news }, 7);
    assert.deepEqual(after.events, [{ kind: 'log-dropped', subject: 'fd:9', text, at: 7 }]);
    assert.ok(effects.every(({ type }) => type !== 'log'));
  });
});
