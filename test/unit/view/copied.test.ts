import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../../top/model/model.js';
import { copied } from '../../../top/view/copied.js';
import { busyModel, keys, play, STUCK } from '../../support/dashboard.js';
import { eventfulModel } from '../../support/happened.js';

const press = (model: Model, ...names: string[]): Model => play(model, keys(...names)).model;
const rows = (model: Model): string[][] => {
  const read = copied(model);
  assert.ok(read.ok);
  return read.value.text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
};

test('y asks for the marked line', () => {
  assert.deepEqual(play(busyModel(120, 40), keys('down', 'y')).effects, [{ type: 'copy' }]);
});

test('a worker is copied as titles and what is shown, with tabs between', () => {
  const model = press(busyModel(120, 40, { third: STUCK }), '2', 'down', 'down', 'down');
  const [titles = [], cells = []] = rows(model);
  assert.deepEqual(titles.slice(0, 3), ['WID', 'STATUS', 'PID']);
  assert.deepEqual(cells.slice(0, 3), ['3', '▲ stuck', '21411']);
  assert.equal(titles.length, cells.length);
  const read = copied(model);
  assert.ok(read.ok && read.value.what === 'worker 3 (2 lines)');
});

test('so it is on the memory view, and a request on that of requests', () => {
  assert.ok(rows(press(busyModel(120, 40), '4', 'down'))[0]?.includes('RSS'));
  const [titles = [], cells = []] = rows(press(busyModel(120, 40), '3', 'down'));
  assert.equal(titles.at(-1), 'URI');
  assert.match(cells.at(-1) ?? '', /^\//);
});

test('an event is copied in full', () => {
  const lines = rows(press(eventfulModel(120, 40), '5'));
  assert.match(lines[0]?.[0] ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}/);
  assert.ok(lines.length > 2);
});

test('without a mark there is nothing to copy, and what to do is said', () => {
  assert.deepEqual(copied(busyModel(120, 40)), {
    ok: false,
    error: 'mark a worker first, with the arrow keys',
  });
});

test('nothing that a terminal or a spreadsheet obeys is copied', () => {
  const hostile = { uri: '/\u001b]52;c;AAAA\u0007\tx\ny' };
  const third = { ...STUCK, cores: STUCK.cores.map((core) => ({ ...core, ...hostile })) };
  const model = press(busyModel(120, 40, { third }), '3', 'down');
  assert.doesNotMatch(JSON.stringify(rows(model)), /\\u00|\\n/);
});
