import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVENT_LIMIT, type HappenedEvent, logged, NO_EVENTS } from '../../../top/model/events.js';

const event = (key: string, time: number): HappenedEvent => ({
  ...{ key, time, at: time * 1000, kind: 'spawn', worker: null },
  ...{ text: key, details: [], bad: false },
});
const keysOf = (log: typeof NO_EVENTS): string[] => log.events.map(({ key }) => key);

test('a record that comes late is put where it belongs in time', () => {
  const log = logged(logged(NO_EVENTS, [event('b', 2), event('d', 4)]), [event('c', 3)]);
  assert.deepEqual(keysOf(log), ['b', 'c', 'd']);
});

test('of events at the same time the one told later stands last', () => {
  const log = logged(logged(NO_EVENTS, [event('a', 2)]), [event('b', 2)]);
  assert.deepEqual(keysOf(log), ['a', 'b']);
});

test('no event is entered twice, neither by one telling nor by the next', () => {
  const once = logged(NO_EVENTS, [event('a', 1), event('a', 1)]);
  assert.deepEqual(keysOf(once), ['a']);
  assert.equal(logged(once, [event('a', 1)]), once);
});

test('a full log drops its oldest, and does not take them in again', () => {
  const many = Array.from({ length: EVENT_LIMIT + 1 }, (_, index) => event(`e${index}`, index));
  const log = logged(NO_EVENTS, many);
  assert.equal(log.events.length, EVENT_LIMIT);
  assert.equal(log.keys.size, EVENT_LIMIT);
  assert.equal(keysOf(log)[0], 'e1');
  assert.equal(logged(log, [event('e0', 0)]), log);
});
