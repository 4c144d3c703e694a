import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../../top/model/model.js';
import { view } from '../../../top/view/view.js';
import { arrival, client, keys, play, start, tick } from '../../support/dashboard.js';
import { busyModel } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import { NOW } from '../../support/stats-builder.js';
import { EMPEROR } from '../../support/uwsgi-documents.js';
import { answer, detailModel, replacedAt, stackModel } from '../../support/worker-detail.js';

const screen = (model: Model): string => frameText(view(model));
const pressed = (model: Model, ...names: string[]): Model => play(model, keys(...names)).model;

test('Enter opens the marked worker, and Esc leads back to where one came from', () => {
  const opened = detailModel(120, 40);
  assert.match(screen(opened), /worker 3 {2}▲ stuck {2}pid 21411/);
  const back = pressed(opened, 'escape');
  assert.equal(back.screen, 'overview');
  assert.equal(back.table.selection?.identity.pid, 21_411);
});

test('without a mark Enter says what to do, and an Emperor has nothing to open', () => {
  const unmarked = pressed(busyModel(80, 24), 'enter');
  assert.equal(unmarked.screen, 'overview');
  assert.match(screen(unmarked), /mark a worker first/);
  const document = { kind: 'emperor', emperor: EMPEROR, damaged: false } as const;
  const emperor = play(start(), [tick(1), arrival(1, document), ...keys('enter')]).model;
  assert.equal(emperor.screen, 'overview');
  assert.match(screen(emperor), /an Emperor has no workers of its own/);
});

test('a digit and Tab lead from the detail to the views', () => {
  assert.equal(pressed(detailModel(80, 24), '5').screen, 'events');
  assert.equal(
    pressed(detailModel(80, 24), 'tab').screen,
    pressed(busyModel(80, 24), 'tab').screen,
  );
});

test('when the process is replaced it says so, and goes on with the new one', () => {
  const replaced = play(detailModel(120, 40), [replacedAt(61), tick(61_400)]).model;
  assert.match(screen(replaced), /worker 3 .*pid 30122, in the place of 21411/);
  assert.match(screen(pressed(replaced, 'end')), /replaced pid 21411, opened first/);
  const back = pressed(replaced, 'escape');
  assert.match(screen(back), /the marked process, worker 3 \(pid 21411\), is gone/);
});

test('keys that change a worker act on the process that is shown, whatever was marked', () => {
  const replaced = play(detailModel(120, 40), [replacedAt(61), tick(61_400)]).model;
  const { model, effects } = play(replaced, keys('R', 'right', 'enter'));
  assert.equal(model.overlay.kind, 'none');
  assert.deepEqual(effects.at(-1), {
    ...{ type: 'command', id: 1 },
    command: { name: 'reload-worker', worker: 3, pid: 30_122, spawned: NOW + 60 },
  });
});

test('t asks for the stack of the process that is shown, and its age is told', () => {
  const { model, effects } = play(detailModel(120, 40), keys('t'));
  assert.deepEqual(effects, [
    {
      ...{ type: 'command', id: 1 },
      command: { name: 'traceback', worker: 3, pid: 21_411, spawned: NOW - 273_600 },
    },
  ]);
  assert.match(screen(model), /STACK of pid 21411: asked 0s ago/);
  const told = stackModel(120, 40);
  assert.match(screen(told), /STACK of pid 21411, 1s old/);
  assert.match(screen(told), /at renderReport \(\/srv\/catserve\/report\.js:88:5\)/);
  assert.equal(told.commands.length, 0, 'it is no command that changed anything');
});

test('a stack that is not told has the reason in its place', () => {
  const asked = pressed(detailModel(120, 40), 't');
  const failed = play(asked, answer(1, 'worker 3 did not answer', false)).model;
  assert.match(screen(failed), /NO STACK of pid 21411\n.*worker 3 did not answer/);
  const late = play(asked, [tick(90_000)]).model;
  assert.match(screen(late), /no answer within 10 s/);
  const message = 'connect ECONNREFUSED';
  const broken = play(asked, [
    client({ type: 'disconnected', at: 60_900, message, retryInMs: 2000 }),
  ]).model;
  assert.match(screen(broken), /the connection broke before the answer came/);
});

test('in read-only mode t asks nothing and says why', () => {
  const reading = play(detailModel(80, 24), [
    client({ type: 'control', at: 0, control: { available: false, reason: 'no key was given' } }),
  ]).model;
  const { model, effects } = play(reading, keys('t'));
  assert.deepEqual(effects, []);
  assert.match(screen(model), /no key was given/);
});

test('a hostile stack is drawn without anything that a terminal obeys', () => {
  const asked = pressed(detailModel(200, 60), 't');
  const lines = Array.from({ length: 5000 }, () => '\u001b[31mat \u009b2J evil\u0000');
  const { model } = play(asked, answer(1, lines.join('\n')));
  assert.equal(model.detail?.stack?.lines.length, 200);
  assert.match(screen(model), /\?\[31mat \?2J evil\?/);
});

test('the arrows move over the figures and stop at both ends', () => {
  const top = screen(detailModel(80, 24));
  assert.match(top, /lines 1-13 of \d+/);
  const end = pressed(detailModel(80, 24), 'end');
  assert.match(screen(end), /lines (\d+)-(\d+) of \2/);
  assert.equal(screen(pressed(end, 'down', 'pagedown')), screen(end));
  assert.equal(screen(pressed(end, 'pageup', 'pageup', 'pageup', 'home', 'up')), top);
});

test('a worker that is gone for good is said to be gone, and no key acts on it', () => {
  const { model } = play(detailModel(80, 24), [
    arrival(61_001, { kind: 'instance', instance: { workers: [] }, damaged: false }),
  ]);
  assert.match(screen(model), /worker 3 {2}there is no such worker any more/);
  const { effects, model: after } = play(model, keys('t', 'R', 'K'));
  assert.deepEqual(effects, []);
  assert.equal(after.overlay.kind, 'none');
  assert.equal(pressed(after, 'escape').screen, 'overview');
});
