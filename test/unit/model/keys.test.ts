import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faster, quietMs, slower, tickMs } from '../../../top/model/interval.js';
import { bindingOf, KEYMAP, keymapOf } from '../../../top/model/keymap.js';
import type { Model } from '../../../top/model/model.js';
import { SCREENS } from '../../../top/model/screens.js';
import { FILTER_LIMIT } from '../../../top/model/text-field.js';
import { busyModel, keys, play, start } from '../../support/dashboard.js';

const after = (model: Model, ...names: string[]): Model => play(model, keys(...names)).model;
const effects = (model: Model, ...names: string[]) => play(model, keys(...names)).effects;

test('no key is bound twice on a screen, and every binding can be told to a person', () => {
  for (const screen of [...SCREENS.map((each) => each.screen), 'detail'] as const) {
    const names = keymapOf(screen).flatMap((binding) => binding.keys);
    assert.equal(new Set(names).size, names.length, screen);
  }
  for (const { help, keys: bound } of KEYMAP) {
    assert.ok(help.length > 0 && help.length <= 27, help);
    assert.ok(bound.length > 0);
  }
});

test('what changes the server is upper case, Ctrl or F9, and has a reason to be refused', () => {
  for (const { group, keys: bound, disabledReason } of KEYMAP) {
    if (group !== 'Change') continue;
    assert.ok(disabledReason !== undefined);
    for (const key of bound) assert.match(key, /^([A-Z]|ctrl-[a-z]|f9)$/);
  }
});

test('q, F10 and Ctrl-C quit; Esc never does', () => {
  for (const key of ['q', 'f10', 'ctrl-c']) {
    assert.deepEqual(effects(start(), key), [{ type: 'quit' }]);
  }
  assert.deepEqual(effects(start(), 'escape', 'escape', 'escape'), []);
});

test('Ctrl-C and F10 quit from everywhere; q closes a dialog and is text in the filter', () => {
  for (const open of ['?', 'f6', '/']) {
    assert.deepEqual(effects(start(), open, 'ctrl-c'), [{ type: 'quit' }]);
    assert.deepEqual(effects(start(), open, 'f10'), [{ type: 'quit' }]);
    assert.deepEqual(effects(start(), open, 'q'), []);
  }
  assert.equal(after(start(), '?', 'q').overlay.kind, 'none');
  assert.equal(after(start(), '/', 'q').table.filter.text, 'q');
});

test('Ctrl-L redraws and Ctrl-Z suspends, also over a dialog', () => {
  assert.deepEqual(effects(start(), '?', 'ctrl-l', 'ctrl-z'), [
    { type: 'redraw' },
    { type: 'suspend' },
  ]);
});

test('Tab goes through the views and round, Shift-Tab back, and a digit leads to one', () => {
  const digits = SCREENS.map(({ keys: [digit] }) => digit ?? '');
  assert.deepEqual(new Set(digits).size, SCREENS.length);
  const forth = SCREENS.map((_, index) => after(start(), ...Array<string>(index).fill('tab')));
  assert.deepEqual(
    forth.map(({ screen }) => screen),
    SCREENS.map(({ screen }) => screen),
  );
  assert.equal(after(start(), ...SCREENS.map(() => 'tab')).screen, 'overview');
  assert.equal(after(start(), 'backtab').screen, SCREENS.at(-1)?.screen);
  for (const { keys: named, screen } of SCREENS) {
    for (const key of named) assert.equal(after(start(), key).screen, screen);
  }
});

test('plus and minus step the interval between 0.1 s and 60 s', () => {
  assert.deepEqual(effects(start(), '+', '-', '-'), [
    { type: 'interval', ms: 2000 },
    { type: 'interval', ms: 1000 },
    { type: 'interval', ms: 500 },
  ]);
  assert.deepEqual(
    [slower(60_000), slower(99_999), faster(100), faster(1)],
    [60_000, 60_000, 100, 100],
  );
  assert.deepEqual([slower(1500), faster(1500)], [2000, 1000]);
  const slowest = { ...start(), intervalMs: 60_000 };
  assert.deepEqual(effects(slowest, '+'), []);
});

test('the clock on the screen moves at least twice a second, and with every fast document', () => {
  assert.deepEqual(
    [100, 200, 1000, 60_000].map((intervalMs) => tickMs({ intervalMs })),
    [100, 200, 500, 500],
  );
});

test('after a document the clock waits for the next one, but not for long', () => {
  assert.deepEqual(
    [100, 200, 1000, 60_000].map((intervalMs) => quietMs({ intervalMs })),
    [125, 250, 1250, 1250],
  );
});

test('f goes to 100 ms and back to what it was', () => {
  assert.deepEqual(effects(after(start(), '+'), 'f', 'f'), [
    { type: 'interval', ms: 100 },
    { type: 'interval', ms: 2000 },
  ]);
});

test('help opens with ?, h and F1, scrolls, and closes with any of them or Esc', () => {
  for (const key of ['?', 'h', 'f1']) {
    const open = after(start(), key);
    assert.equal(open.overlay.kind, 'help');
    assert.equal(after(open, key).overlay.kind, 'none');
    assert.equal(after(open, 'escape').overlay.kind, 'none');
    assert.deepEqual(after(open, 'down', 'down', 'up').overlay, { kind: 'help', scroll: 1 });
    assert.deepEqual(after(open, 'R').overlay, open.overlay);
  }
});

test('in the filter every printable key is text, Backspace and Ctrl-U erase', () => {
  const typed = after(start(), '/', 'R', 'space', 'K', 'é', 'backspace', 'up', 'f9', 'ctrl-r');
  assert.deepEqual(typed.table.filter, { text: 'R K', editing: true });
  assert.equal(after(typed, 'ctrl-w').table.filter.text, 'R ');
  assert.equal(after(typed, 'ctrl-u').table.filter.text, '');
  assert.equal(after(typed, 'toString').table.filter.text, 'R K');
});

test('Enter keeps the filter, Esc clears it, there and afterwards', () => {
  const kept = after(start(), '/', 'a', 'space', 'enter');
  assert.deepEqual(kept.table.filter, { text: 'a', editing: false });
  assert.deepEqual(after(kept, 'escape').table.filter, { text: '', editing: false });
  assert.deepEqual(after(kept, '/', 'b').table.filter, { text: 'ab', editing: true });
  assert.deepEqual(after(kept, '/', 'escape').table.filter, { text: '', editing: false });
});

test('a paste is text in the filter, made safe and one line, and nothing elsewhere', () => {
  const pasted = (model: Model, text: string): Model =>
    play(model, [{ type: 'paste', at: 0, text }]).model;
  const open = after(start(), '/');
  assert.equal(pasted(open, 'a\r\nb\u001b[Ac😺').table.filter.text, 'a b?[Ac?');
  assert.equal(pasted(open, 'x'.repeat(5000)).table.filter.text.length, FILTER_LIMIT);
  const table = busyModel(80, 24, { seconds: 1 });
  assert.deepEqual(pasted(table, 'qRK\r\u0012'), table);
  const dialog = after(table, 'f6');
  assert.deepEqual(pasted(dialog, '\r'), dialog);
});

test('keys that are bound to nothing do nothing', () => {
  for (const key of ['x', 'delete', 't', '__proto__', 'constructor', '']) {
    assert.equal(bindingOf(key, 'overview'), undefined);
    assert.deepEqual(play(start(), keys(key)), { model: start(), effects: [] });
    assert.equal(after(start(), 'f6', key).overlay.kind, 'sort');
  }
});
