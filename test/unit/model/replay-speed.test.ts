import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../../top/model/model.js';
import { view } from '../../../top/view/view.js';
import { busyModel, keys, play } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';

const recording = (speed: number): Model => ({ ...busyModel(120, 40), speed });

test('< and > halve and double the speed of a recording, within bounds', () => {
  const { model, effects } = play(recording(1), keys('>', '>', '<'));
  assert.equal(model.speed, 2);
  assert.deepEqual(
    effects.map((effect) => (effect.type === 'speed' ? effect.speed : effect.type)),
    [2, 4, 2],
  );
  assert.equal(play(recording(1000), keys('>')).effects.length, 0);
  assert.equal(play(recording(1), keys('<', '<', '<', '<')).model.speed, 1 / 8);
});

test('a server has no speed, nor has a recording that waits for nothing', () => {
  const told = (model: Model): string => play(model, keys('>')).model.hint?.text ?? '';
  assert.match(told(busyModel(120, 40)), /only a recording has a speed: --replay FILE/);
  assert.match(told(recording(0)), /--speed 0 nothing is waited for/);
});

test('a recording is held while its past is looked at, and goes on afterwards', () => {
  const { effects } = play(recording(1), keys('p', '[', '{', '0', '[', ']'));
  assert.deepEqual(
    effects.map((effect) => (effect.type === 'hold' ? effect.held : effect.type)),
    [true, false, true, false],
  );
  assert.deepEqual(play(busyModel(120, 40), keys('p', 'p')).effects, []);
});

test('the header says that it is a replay, its speed and where it is', () => {
  assert.match(frameText(view(recording(4))), /▶ replay 4x \d\d:\d\d:\d\d · 1m00s/);
  assert.match(frameText(view({ ...recording(4), width: 40, height: 10 })), /▶ replay 4x/);
});
