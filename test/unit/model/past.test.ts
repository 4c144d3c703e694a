import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Model } from '../../../top/model/model.js';
import { catchUp } from '../../../top/model/catch-up.js';
import { visibleRows } from '../../../top/model/table-state.js';
import { view } from '../../../top/view/view.js';
import { anyMessage } from '../../support/arbitraries.js';
import {
  arrival,
  busyModel,
  busyShop,
  client,
  instanceAt,
  key,
  keys,
  play,
  start,
  tick,
} from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import { eventfulModel } from '../../support/happened.js';
import { plainJson } from '../../support/plain-json.js';
import { EMPEROR } from '../../support/uwsgi-documents.js';

const after = (model: Model, ...names: string[]): Model => play(model, keys(...names)).model;
const times = (count: number, name: string): string[] => Array<string>(count).fill(name);
const text = (model: Model): string => frameText(view(model));

test('[ shows the document before, ] the one after it, and then what is now', () => {
  const model = busyModel(120, 40);
  const back = after(model, ...times(10, '['));
  assert.equal(back.shown?.at, 50_001);
  assert.equal(after(back, ']').shown?.at, 51_001);
  assert.deepEqual(after(back, ...times(10, ']')), model);
});

test('{ and } go a minute at a time, as far as there is one', () => {
  const model = busyModel(120, 40, { seconds: 150 });
  const minute = after(model, '{');
  assert.equal(minute.shown?.at, 90_001);
  const oldest = after(minute, '{', '{');
  assert.equal(oldest.shown?.at, 1);
  assert.equal(after(oldest, '}').shown?.at, 60_001);
  assert.deepEqual(after(oldest, '}', '}', '}'), model);
  assert.equal(after(oldest, '[').hint?.text, 'there is nothing older in memory');
});

test('a moment of the past looks as it looked', () => {
  const then = busyModel(120, 40, { seconds: 40 });
  const back = after(busyModel(120, 40), ...times(20, '['));
  assert.deepEqual(back.shown, then.shown);
  assert.deepEqual(visibleRows(back), visibleRows(then));
  for (const name of ['rps', 'rss', 'p50', 'p95', 'p99', 'waiting', 'times', 'rates'] as const) {
    assert.deepEqual(back.history[name], then.history[name], name);
  }
});

test('0, Esc and p lead back to now, with all that came meanwhile', () => {
  const model = busyModel(120, 40);
  const meanwhile = [instanceAt(61_001, busyShop(61)), instanceAt(62_001, busyShop(62))];
  const expected = play(model, meanwhile).model;
  catchUp(expected);
  for (const stop of ['p', '[']) {
    for (const back of ['0', 'escape', 'p']) {
      const there = play(after(model, stop), meanwhile).model;
      assert.notEqual(there.past, null);
      const now = after(there, back);
      catchUp(now);
      assert.deepEqual(now, expected);
    }
  }
});

test('p stops the screen, and it says since when', () => {
  const model = after(busyModel(120, 40), 'p');
  const later = play(model, [instanceAt(61_001, busyShop(61)), tick(70_001)]).model;
  assert.deepEqual(later.shown, model.shown);
  assert.deepEqual(later.history, model.history);
  assert.match(text(later), /‖ paused \d\d:\d\d:\d\d, 10s ago/);
  assert.doesNotMatch(text(later), /live/);
});

test('the mark is moved in the past as ever, and stays with its process', () => {
  const back = after(busyModel(120, 40), '[', '[', 'down', 'down');
  const { selection } = back.table;
  assert.equal(selection?.identity.worker, 2);
  assert.deepEqual(after(back, '0').table.selection, selection);
});

test('events later than the moment are not seen, and none is told twice', () => {
  const model = eventfulModel(120, 40);
  const back = after(model, ...times(30, '['));
  const shown = back.events.events;
  assert.ok(shown.length < model.events.events.length);
  assert.ok(shown.every(({ at }) => at <= (back.shown?.at ?? 0)));
  assert.deepEqual(after(back, '0').events, model.events);
});

test('nothing can be changed from the past, and it says why', () => {
  for (const stop of ['p', '[']) {
    const marked = after(busyModel(120, 40), 'down', stop);
    for (const name of ['R', 'ctrl-r', 'f9']) {
      const tried = play(marked, keys(name));
      assert.deepEqual(tried.effects, []);
      assert.equal(tried.model.overlay.kind, 'none');
      assert.match(tried.model.hint?.text ?? '', /this is the past: 0 or Esc returns to now/);
    }
  }
});

test('without a document there is nothing to stop or to go back to', () => {
  assert.deepEqual(after(start(), 'p', '[', '{', ']', '}', '0'), start());
});

test('an Emperor has a past too', () => {
  const emperor = (at: number, pid: number) =>
    arrival(at, { kind: 'emperor', emperor: { ...EMPEROR, pid }, damaged: false });
  const model = play(start(), [tick(1), emperor(1, 7), emperor(1001, 8)]).model;
  assert.deepEqual(after(model, '[').shown?.document, {
    ...{ kind: 'emperor', damaged: false },
    emperor: { ...EMPEROR, pid: 7 },
  });
});

test('a connection that breaks meanwhile is told on the return', () => {
  const gone = client({ type: 'disconnected', at: 61_000, message: 'ECONNRESET', retryInMs: 4000 });
  const there = play(after(busyModel(120, 40), '['), [gone, tick(62_000)]).model;
  assert.match(text(there), /◀ \d\d:\d\d:\d\d, 2s ago/);
  assert.match(text(after(there, '0')), /disconnected/);
});

test('whatever happens, what is shown is a document that came, and no figure is invented', () => {
  const timeKeys = fc.constantFrom(...['[', '[', ']', '{', '}', 'p', '0'].map((name) => key(name)));
  const anything = fc.oneof(
    { weight: 2, arbitrary: anyMessage },
    { weight: 1, arbitrary: timeKeys },
  );
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 60 }), (messages) => {
      let model = start();
      const came = new Set<string>();
      for (const message of messages) {
        if (message.type === 'client' && message.event.type === 'document') {
          came.add(plainJson(message.event.document));
        }
        model = play(model, [message]).model;
        if (model.shown === null) continue;
        assert.ok(came.has(plainJson(model.shown.document)));
        if (model.past === null) continue;
        const { rates } = model.history;
        const { apart } = model.past;
        for (const figure of [rates.rps, rates.tx, rates.p50, rates.p99, apart]) {
          assert.ok(figure === null || (Number.isFinite(figure) && figure >= 0), String(figure));
        }
        assert.doesNotMatch(text(model), /NaN|Infinity|undefined/);
      }
    }),
    { numRuns: 150 },
  );
});
