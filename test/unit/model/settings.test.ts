import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialModel } from '../../../top/model/initial.js';
import { type Model } from '../../../top/model/model.js';
import { view } from '../../../top/view/view.js';
import { busyModel, keys, play } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';

const press = (model: Model, ...names: string[]) => play(model, keys('f2', ...names));

test('a change acts at once, and nothing is written unless it is asked for', () => {
  const slower = press(busyModel(80, 24), 'right');
  assert.deepEqual(slower.effects, [{ type: 'interval', ms: 2000 }]);
  const theme = press(busyModel(80, 24), 'down', 'right');
  assert.equal(theme.model.theme, 'light');
  assert.deepEqual(theme.effects, [
    { type: 'appearance', appearance: { theme: 'light', ascii: false, mouse: true } },
  ]);
  assert.equal(press(busyModel(80, 24), 'down', 'left').model.theme, 'colour-blind');
  const saved = press(busyModel(80, 24), 'down', 'right', 's').effects.at(-1);
  assert.ok(saved?.type === 'save');
  assert.match(saved.text, /^theme: light$/m);
});

test('the order, the mouse and the view at the start can be set', () => {
  const sorted = press(busyModel(80, 24), 'end', 'up', 'right').model;
  assert.equal(sorted.table.sort.by, 'status');
  assert.equal(press(busyModel(80, 24), 'end', 'right').model.startView, 'workers');
  assert.equal(press(busyModel(80, 24), 'down', 'down', 'down', 'space').model.mouse, false);
  assert.equal(press(busyModel(80, 24), 'end', 'up', 'up', 'enter').model.overlay.kind, 'columns');
});

test('a terminal without UTF-8 stays with ASCII, and is told why', () => {
  const config = { address: ':9191', intervalMs: 1000, ascii: true, width: 80, height: 24 };
  const { model } = press(initialModel({ ...config, unicode: false }), 'down', 'down', 'right');
  assert.equal(model.ascii, true);
  assert.match(model.hint?.text ?? '', /has no UTF-8/);
  assert.equal(press(initialModel(config), 'down', 'down', 'right').model.ascii, false);
});

test('a theme that cannot be seen says so', () => {
  const config = { address: ':9191', intervalMs: 1000, ascii: false, width: 120, height: 40 };
  const { model } = press(initialModel({ ...config, colours: false }));
  assert.match(frameText(view(model)), /theme.*not shown: NO_COLOR/);
});

test('what is wrong with the file of settings is told at the start', () => {
  const model = initialModel({
    ...{ address: ':9191', intervalMs: 1000, ascii: false, width: 120, height: 40 },
    warnings: ['config.yaml:1: there is no setting "x"', 'another'],
    view: 'memory',
  });
  assert.equal(model.hint?.text, 'config.yaml:1: there is no setting "x" (and 1 more)');
  assert.equal(model.screen, 'memory');
});

test('what became of the settings is told, whatever it says', () => {
  const { model } = play(busyModel(120, 40), [
    ...keys('f2'),
    { type: 'told', at: 70_000, text: 'settings written to /home/\u001b[31m/config.yaml' },
  ]);
  assert.match(frameText(view(model)), /settings written to \/home\/\?\[31m\/config.yaml/);
});
