import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../../top/model/model.js';
import { readTime } from '../../../top/model/replay-jump.js';
import { view } from '../../../top/view/view.js';
import { busyModel, keys, play, typed } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';

/** A recording of twelve minutes, of which a minute has been played. */
const recording = (change: Partial<Model> = {}): Model => ({
  ...busyModel(120, 40),
  speed: 1,
  recordingMs: 720_000,
  ...change,
});

const ran = (model: Model, command: string) => play(model, keys(':', ...typed(command), 'enter'));
const seeks = (effects: ReturnType<typeof ran>['effects']): number[] =>
  effects.flatMap((effect) => (effect.type === 'seek' ? [effect.to] : []));

test('times are read as minutes and seconds, and with units', () => {
  const cases = [
    ['12:30', 750_000],
    ['1:02:30', 3_750_000],
    ['90', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['', null],
    ['12:99', null],
    ['soon', null],
    ['-5', null],
  ] as const;
  for (const [text, ms] of cases) assert.equal(readTime(text), ms, text);
});

test('a recording jumps to what has not been played, and no further than its end', () => {
  assert.deepEqual(seeks(ran(recording(), 'goto 10:00').effects), [600_000]);
  assert.deepEqual(seeks(ran(recording(), 'goto 59:00').effects), [720_000]);
  assert.deepEqual(seeks(ran(recording(), 'goto end').effects), [720_000]);
  const { shown } = recording();
  assert.ok(shown);
  assert.deepEqual(seeks(ran(recording(), 'seek +5m').effects), [shown.at + 300_000]);
  assert.deepEqual(seeks(play(recording(), keys('}')).effects), [shown.at + 60_000]);
});

test('from a moment of the past a jump ahead lets time go on too', () => {
  const { effects } = play(recording(), keys('[', '[', ':', ...typed('goto 11:00'), 'enter'));
  assert.deepEqual(
    effects.map((effect) => (effect.type === 'hold' ? effect.held : effect.type)),
    [true, 'seek', false],
  );
});

test('what was played comes out of memory, of a server too', () => {
  for (const model of [recording(), busyModel(120, 40)]) {
    const newest = model.shown?.at ?? 0;
    const { model: back } = ran(model, 'seek -10');
    assert.ok(back.past !== null && back.shown !== null);
    assert.ok(back.shown.at <= newest - 10_000 && back.shown.at > newest - 12_000);
    assert.equal(ran(back, `seek +60`).model.past === null, model.speed !== null);
  }
});

test('what cannot be shown is told with the reason', () => {
  const problem = (model: Model, command: string) => ran(model, command).model.prompt?.problem;
  assert.equal(problem(busyModel(120, 40), 'goto 59:00'), 'that has not happened yet');
  assert.match(problem(busyModel(120, 40), 'goto end') ?? '', /only a recording has an end/);
  assert.match(problem(recording({ speed: 0 }), 'goto 9:00') ?? '', /--speed 0 nothing is waited/);
  assert.match(problem(recording(), 'goto soon') ?? '', /"soon" is no time: as in 12:30/);
  assert.match(problem(recording(), 'seek 5m') ?? '', /"5m" is no way to go: As in seek \+5m/);
  assert.match(
    problem(recording(), 'seek -9h') ?? '',
    /is not in memory any more: there is back to/,
  );
});

test('the header says how far a recording is, where its length is known', () => {
  assert.match(frameText(view(recording())), /▶ replay 1x \d\d:\d\d:\d\d · 1m00s of 12m00s/);
  assert.doesNotMatch(frameText(view(recording({ recordingMs: null }))), /1m00s of/);
});
