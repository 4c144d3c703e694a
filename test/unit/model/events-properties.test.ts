import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EVENT_LIMIT } from '../../../top/model/events.js';
import type { Model } from '../../../top/model/model.js';
import { sanitize } from '../../../top/model/sanitize.js';
import { anyInstance, anyMessage } from '../../support/arbitraries.js';
import { instanceAt, play, start, tick } from '../../support/dashboard.js';

/** What holds of the events after whatever was told. */
function assertInOrder({ events: log }: Model): void {
  const { events, keys } = log;
  assert.ok(events.length <= EVENT_LIMIT);
  assert.deepEqual(new Set(events.map(({ key }) => key)), keys);
  assert.equal(keys.size, events.length, 'an event twice');
  let last = 0;
  for (const { time, at, text, details } of events) {
    assert.ok(Number.isFinite(time) && time >= last, `${time} after ${last}`);
    assert.ok(!Number.isNaN(at));
    last = time;
    for (const shown of [text, ...details.flat()]) assert.equal(shown, sanitize(shown));
  }
}

test('whatever happens, in whatever order, no event comes twice, negative or out of order', () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 40 }), (messages) => {
      assertInOrder(play(start(), messages).model);
    }),
    { numRuns: 300 },
  );
});

test('documents that are told again, in any order, tell of no death and no harakiri again', () => {
  fc.assert(
    fc.property(fc.array(anyInstance, { minLength: 1, maxLength: 8 }), (documents) => {
      const told = (list: typeof documents): Model =>
        play(start(), [tick(0), ...list.map((one, second) => instanceAt(second * 1000, one))])
          .model;
      const model = told([...documents, ...documents.toReversed(), ...documents]);
      assertInOrder(model);
      const deaths = model.events.events
        .filter(({ kind }) => kind === 'death' || kind === 'exit')
        .map(({ details }) => JSON.stringify(details));
      const exits = new Set(
        documents.flatMap(({ workers }) =>
          workers.flatMap(({ id, last_exit: exit }) =>
            exit == null ? [] : [`${id}/${exit.pid}/${exit.at}`],
          ),
        ),
      );
      assert.ok(deaths.length <= exits.size);
    }),
    { numRuns: 200 },
  );
});
