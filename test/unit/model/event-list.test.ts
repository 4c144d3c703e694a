import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRows, shownEvents } from '../../../top/model/event-list.js';
import type { Model } from '../../../top/model/model.js';
import { instanceAt, keys, play, start, tick, typed } from '../../support/dashboard.js';
import { eventfulModel } from '../../support/happened.js';
import { instance, NOW, worker } from '../../support/stats-builder.js';

const after = (model: Model, ...names: string[]): Model => play(model, keys(...names)).model;

/** A worker that has been replaced so many times, once a second, with the events open. */
function respawned(times: number, model: Model = after(start(80, 24), '5')): Model {
  const from = model.shown === null ? 0 : Math.round(model.now / 1000);
  const documents = Array.from({ length: times + 1 }, (_, turn) => {
    const second = from + turn;
    const one = worker(1, { pid: 100 + second, last_spawn: NOW + second });
    return instanceAt(second * 1000, instance([one], { time: NOW + second }));
  });
  return play(model, [tick(from * 1000), ...documents]).model;
}

const marked = (model: Model): string => {
  const { events, index } = shownEvents(model);
  return events[index]?.text ?? '';
};

test('5 and e show the events, 1 the overview', () => {
  for (const key of ['5', 'e']) assert.equal(after(start(), key).screen, 'events');
  assert.equal(after(start(), '5', '1').screen, 'overview');
});

test('the list follows what happens: the newest is marked and in sight', () => {
  const model = respawned(60);
  assert.match(marked(model), /pid 160/);
  assert.equal(model.eventList.top, shownEvents(model).events.length - eventRows(model));
});

test('up and down leave the end, and what comes then does not move the mark; End follows again', () => {
  const up = after(respawned(60), 'up', 'up');
  const text = marked(up);
  const later = respawned(5, up);
  assert.equal(marked(later), text);
  assert.match(marked(after(later, 'end')), /pid 165/);
  assert.match(marked(respawned(3, after(later, 'end'))), /pid 168/);
  const stays = after(respawned(5), 'down');
  assert.match(marked(respawned(2, stays)), /pid 105/);
});

test('Home, PgUp and PgDn move by pages, the window with the mark', () => {
  const first = after(respawned(60), 'home');
  assert.equal(first.eventList.top, 0);
  assert.equal(shownEvents(first).index, 0);
  const page = after(first, 'pagedown');
  assert.equal(shownEvents(page).index, eventRows(page) - 1);
  assert.equal(shownEvents(after(page, 'pageup')).index, 0);
});

test('the filter is that of this list: the table keeps its own', () => {
  const model = after(eventfulModel(80, 24), '5', '/', 'h', 'a', 'r', 'a', 'enter');
  assert.equal(model.eventList.filter.text, 'hara');
  assert.equal(model.table.filter.text, '');
  assert.deepEqual(
    new Set(shownEvents(model).events.map(({ kind }) => kind)),
    new Set(['harakiri']),
  );
  assert.equal(after(model, 'escape').eventList.filter.text, '');
  // A word of the record, such as a frame of the stack, finds it too.
  const byStack = after(eventfulModel(80, 24), '5', '/', ...typed('report.js:88'));
  assert.equal(shownEvents(byStack).events.length, 2);
});

test('Enter opens the marked record, which scrolls no further than it is long; Esc closes it', () => {
  const open = after(eventfulModel(80, 12), '5', '/', ...typed('hara'), 'enter', 'enter');
  assert.equal(open.overlay.kind, 'event');
  const down = after(open, ...Array<string>(99).fill('down'));
  assert.deepEqual(after(down, 'up', 'down').overlay, down.overlay);
  assert.notDeepEqual(after(down, 'up').overlay, down.overlay);
  for (const key of ['escape', 'q', 'enter']) assert.equal(after(open, key).overlay.kind, 'none');
  assert.equal(after(start(), '5', 'enter').overlay.kind, 'none');
});

test('what acts on the marked worker has no key where no worker is marked', () => {
  const model = after(eventfulModel(80, 24), 'down', '5');
  for (const key of ['R', 'f9', 'K', 's', 'a', 'I']) assert.deepEqual(after(model, key), model);
});
