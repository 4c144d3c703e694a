import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../../top/model/model.js';
import { calendarDay, timeOfDay } from '../../../top/view/time-of-day.js';
import { EVENT_LOOKS } from '../../../top/view/event-looks.js';
import { view } from '../../../top/view/view.js';
import { busyModel, keys, play, start, typed } from '../../support/dashboard.js';
import { frameText, textInStyle } from '../../support/frame-text.js';
import { eventfulModel } from '../../support/happened.js';
import { NOW } from '../../support/stats-builder.js';

process.env['TZ'] = 'UTC';

const screen = (model: Model, ...names: string[]): string =>
  frameText(view(play(model, keys(...names)).model));

test('every kind has a word that fits its column and a sign of one column', () => {
  for (const { word, sign, tick } of Object.values(EVENT_LOOKS)) {
    assert.ok(word.length <= 9, word);
    for (const one of sign) assert.equal(one.length, 1);
    assert.match(sign[1], /^[\x21-\x7e]$/);
    if (tick !== undefined) assert.match(tick.letter, /^[\x21-\x7e]$/);
  }
});

test('times are those of this machine, and one that cannot be is a mark as wide', () => {
  assert.equal(`${calendarDay(NOW)} ${timeOfDay(NOW)}`, '2026-11-22 06:03:48');
  assert.match(timeOfDay(NOW), /^\d\d:\d\d:\d\d$/);
  for (const never of [Number.NaN, Infinity, 1e300]) {
    assert.equal(timeOfDay(never).length, 8);
    assert.equal(calendarDay(never).length, 10);
  }
});

test('a date stands before a time of another day only', () => {
  const text = screen(eventfulModel(100, 30), '5');
  const [yesterday] = text.split('\n').filter((line) => line.includes('/yesterday'));
  assert.match(yesterday ?? '', /^ {2}\d\d-\d\d \d\d:\d\d:\d\d {2}▲ harakiri/);
  const today = text.split('\n').filter((line) => line.includes('the reload is done'));
  assert.match(today.at(-1) ?? '', /^▶ {7}\d\d:\d\d:\d\d {2}↻ reload/);
});

test('colour says again what the sign and the word say', () => {
  const frame = view(play(eventfulModel(120, 40), keys('5')).model);
  assert.ok(textInStyle(frame, 'alarm').some((text) => text.startsWith('✕ death')));
  assert.ok(textInStyle(frame, 'alarm').some((text) => text.startsWith('▲ harakiri')));
  assert.ok(textInStyle(frame, 'work').some((text) => text.startsWith('↻ reload')));
});

test('an empty list says why it is empty', () => {
  assert.match(screen(start(80, 24), '5'), /nothing has happened since this was opened/);
  const none = screen(eventfulModel(80, 24), '5', '/', ...typed('zebra'), 'enter');
  assert.match(none, /no event matches "zebra"/);
  assert.match(none, /filter zebra {2}0 match of \d/);
});

test('a wide terminal shows the marked record beside the list, a narrow one on Enter', () => {
  const names = ['5', '/', ...typed('hara'), 'enter'];
  assert.match(
    screen(eventfulModel(200, 60), ...names),
    /│ stack +renderReport \(report\.js:88:5\)/,
  );
  assert.doesNotMatch(screen(eventfulModel(120, 40), ...names), /renderReport/);
  assert.match(screen(eventfulModel(120, 40), ...names, 'enter'), /│ stack +renderReport/);
});

test('Enter on a wide terminal scrolls the record where it stands, and shows it once', () => {
  const names = ['5', '/', ...typed('hara'), 'enter'];
  const model = eventfulModel(160, 12);
  assert.match(screen(model, ...names), /Enter scrolls .* 1 to (\d) of 1\d ─┘/);
  const opened = screen(model, ...names, 'enter');
  assert.match(opened, /Esc closes .* 1 to (\d) of 1\d ─┘/);
  assert.equal(opened.match(/┌/g)?.length, 1);
  assert.match(screen(model, ...names, 'enter', 'end'), /Esc closes .* \d to (1\d) of \1 ─┘/);
  assert.match(screen(model, ...names, 'enter', 'end', 'escape'), /Enter scrolls .* 1 to \d of/);
  assert.match(screen(eventfulModel(200, 60), ...names, 'enter'), /Esc closes ─+ all of it ─┘/);
});

test('the key bar and the help are those of the screen', () => {
  const bar = (model: Model, ...names: string[]) =>
    screen(model, ...names)
      .trimEnd()
      .split('\n')
      .at(-1);
  assert.match(bar(busyModel(120, 40)) ?? '', / 1-6 views .* F9 kill /);
  assert.match(bar(busyModel(120, 40), '5') ?? '', / 1-6 views .*Enter read /);
  assert.doesNotMatch(bar(busyModel(120, 40), '5') ?? '', /F9/);
  assert.match(screen(busyModel(80, 24), '5', '?'), /Enter +the marked event in full/);
});
