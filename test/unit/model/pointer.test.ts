import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Message } from '../../../top/model/message.js';
import type { Model } from '../../../top/model/model.js';
import { targetAt } from '../../../top/view/hit.js';
import { view } from '../../../top/view/view.js';
import { busyModel, keys, play, STUCK, typed } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import { eventfulModel } from '../../support/happened.js';

/** Clicks on the first place where this text is to be seen, so many columns into it. */
function click(model: Model, text: string, into = 0): Model {
  return clicks(model, text, into).model;
}

function clicks(model: Model, text: string, into = 0) {
  const rows = frameText(view(model)).split('\n');
  const y = rows.findIndex((row) => row.includes(text));
  assert.ok(y >= 0, `"${text}" is to be seen`);
  return at(model, (rows[y] ?? '').indexOf(text) + into, y);
}

function at(model: Model, x: number, y: number) {
  const target = targetAt(view(model), x, y);
  return play(model, target === null ? [] : [{ type: 'click', at: 0, target }]);
}

const wheel = (step: 1 | -1): Message => ({ type: 'wheel', at: 0, step });
const marked = (model: Model) => model.table.selection?.identity.worker;
const stuck = () => busyModel(120, 40, { third: STUCK });

test('a click marks the worker in that line, anywhere in it', () => {
  const model = click(stuck(), '▲ stuck');
  assert.equal(marked(model), 3);
  const row = frameText(view(model))
    .split('\n')
    .findIndex((line) => line.includes('▲ stuck'));
  assert.equal(marked(at(model, 119, row - 1).model), 2);
});

test('a click on a title sorts by its column, the next one turns the order around', () => {
  const model = click(busyModel(120, 40), 'RPS');
  assert.deepEqual(model.table.sort, { by: 'rps', descending: true });
  assert.deepEqual(click(model, 'RPS', 1).table.sort, { by: 'rps', descending: false });
});

test('on the memory view a title gives the order of that view only', () => {
  const model = click(play(busyModel(120, 40), keys('4')).model, 'WID', 1);
  assert.deepEqual(model.table.memorySort, { by: 'wid', descending: false });
  assert.deepEqual(model.table.sort, { by: 'wid', descending: false });
});

test('a click on a key of the key bar presses it', () => {
  assert.equal(click(busyModel(120, 40), '? help').overlay.kind, 'help');
  assert.deepEqual(clicks(busyModel(120, 40), 'q quit').effects, [{ type: 'quit' }]);
});

test('a click on an event marks it, and one on a request marks that', () => {
  const events = click(play(eventfulModel(120, 40), keys('5')).model, 'harakiri', 2);
  assert.ok(events.eventList.mark !== null);
  const requests = click(play(stuck(), keys('3')).model, '/block?s=30');
  assert.ok(requests.requestList.mark !== null);
});

test('a click chooses a line of a menu, and on the chosen line takes it', () => {
  const menu = play(stuck(), keys('down', 'K')).model;
  const chosen = click(menu, 'KILL');
  assert.deepEqual(
    [chosen.overlay.kind, 'choice' in chosen.overlay && chosen.overlay.choice],
    ['signals', 3],
  );
  assert.equal(click(chosen, 'KILL').overlay.kind, 'confirm');
});

test('what changes the server is sent by a click on its own button only', () => {
  const asked = play(stuck(), keys('down', 'down', 'R')).model;
  const sent = clicks(asked, 'Reload 2');
  assert.deepEqual(
    sent.effects.map(({ type }) => type),
    ['command'],
  );
  const cancelled = clicks(asked, 'Cancel');
  assert.deepEqual(cancelled.effects, []);
  assert.equal(cancelled.model.overlay.kind, 'none');
});

test('a click beside a dialog does nothing', () => {
  const asked = play(stuck(), keys('down', 'R')).model;
  for (const [x, y] of [
    [0, 0],
    [20, 12],
    [5, 39],
  ] as const) {
    assert.equal(targetAt(view(asked), x, y), null);
  }
});

test('a button of a question that is not asked any more sends nothing', () => {
  const asked = play(stuck(), keys('down', 'R')).model;
  assert.ok(asked.overlay.kind === 'confirm');
  const { commands } = asked.overlay;
  const target = { kind: 'button', focus: 'act', commands } as const;
  const closed = play(asked, [...keys('escape'), { type: 'click', at: 0, target }]);
  assert.deepEqual(closed.effects, []);
  const another = play(asked, [...keys('escape', 'down', 'R'), { type: 'click', at: 0, target }]);
  assert.deepEqual(another.effects, []);
  assert.equal(another.model.overlay.kind, 'confirm');
});

test('the wheel moves the mark and the choice of a menu, but not between two buttons', () => {
  assert.equal(marked(play(stuck(), [wheel(1), wheel(1)]).model), 2);
  const menu = play(stuck(), [...keys('down', 'K'), wheel(1), wheel(1), wheel(-1)]).model;
  assert.ok(menu.overlay.kind === 'signals' && menu.overlay.choice === 1);
  const asked = play(stuck(), [...keys('down', 'R'), wheel(1)]).model;
  assert.ok(asked.overlay.kind === 'confirm' && asked.overlay.focus === 'cancel');
});

test('whoever clicks is done with typing: no click becomes a letter', () => {
  const typing = play(busyModel(120, 40), keys('/', ...typed('idle'))).model;
  const model = click(typing, '? help');
  assert.deepEqual(model.table.filter, { text: 'idle', editing: false });
  assert.equal(model.overlay.kind, 'help');
  const prompt = click(play(busyModel(120, 40), keys(':', 'q')).model, '? help');
  assert.equal(prompt.prompt, null);
});

test('no click anywhere sends a command unless a question was answered', () => {
  const scenes = [
    stuck(),
    play(stuck(), keys('down', 'K')).model,
    play(stuck(), keys('ctrl-r')).model,
    play(stuck(), keys('2', 'c')).model,
    play(eventfulModel(120, 40), keys('5')).model,
    play(stuck(), keys('?')).model,
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...scenes),
      fc.integer({ min: 0, max: 119 }),
      fc.integer({ min: 0, max: 39 }),
      (model, x, y) => {
        const { effects } = at(model, x, y);
        return effects.every(({ type }) => type !== 'command');
      },
    ),
  );
});
