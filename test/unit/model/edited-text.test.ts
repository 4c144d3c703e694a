import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editedBy, type Edited, limited, partsOf } from '../../../top/model/edited-text.js';
import { view } from '../../../top/view/view.js';
import { busyModel, keys, play, typed } from '../../support/dashboard.js';
import { frameText, textInStyle } from '../../support/frame-text.js';

/** The text after these keys, `|` where the cursor is. */
function after(text: string, ...names: string[]): string {
  const end = names.reduce<Edited>((edited, name) => editedBy(edited, name) ?? edited, { text });
  return partsOf(end).join('|');
}

test('the cursor moves by characters and to both ends, and no further', () => {
  assert.equal(after('abc', 'left'), 'ab|c');
  assert.equal(after('abc', 'left', 'left', 'left', 'left'), '|abc');
  assert.equal(after('abc', 'home', 'right'), 'a|bc');
  assert.equal(after('abc', 'ctrl-a'), '|abc');
  assert.equal(after('abc', 'ctrl-a', 'ctrl-e', 'right'), 'abc|');
  assert.equal(after('abc', 'home', 'end'), 'abc|');
});

test('what is typed and taken away is so at the cursor', () => {
  assert.equal(after('ac', 'left', 'b'), 'ab|c');
  assert.equal(after('ac', 'left', 'space'), 'a |c');
  assert.equal(after('abc', 'left', 'backspace'), 'a|c');
  assert.equal(after('abc', 'home', 'delete'), '|bc');
  assert.equal(after('abc', 'delete'), 'abc|');
  assert.equal(after('kill 3 TERM', 'left', 'left', 'ctrl-u'), '|RM');
  assert.equal(after('kill 3 TERM', 'home', 'right', 'ctrl-k'), 'k|');
  assert.equal(after('one two three', 'ctrl-w', 'ctrl-w'), 'one |');
  assert.equal(after('one two', 'left', 'ctrl-w'), 'one |o');
});

test('a key that means nothing here changes nothing', () => {
  for (const name of ['f5', 'constructor', 'toString', 'pageup']) {
    assert.equal(editedBy({ text: 'a' }, name), null);
  }
});

test('whatever is typed, the cursor stays in the text, and a limit keeps it there', () => {
  const name = fc.constantFrom('left', 'right', 'home', 'end', 'a', 'space', 'delete', 'ctrl-w');
  fc.assert(
    fc.property(fc.string(), fc.array(name), fc.nat(20), (text, names, limit) => {
      const end = names.reduce<Edited>((edited, key) => editedBy(edited, key) ?? edited, { text });
      const short = limited(end, limit);
      assert.ok((end.after ?? 0) >= 0 && (end.after ?? 0) <= end.text.length);
      assert.ok(short.text.length <= limit && (short.after ?? 0) <= short.text.length);
    }),
  );
});

test('filter and command line show the cursor where it is', () => {
  const model = busyModel(120, 40);
  const filtered = play(model, keys('/', ...typed('ide'), 'left', 'l')).model;
  assert.equal(filtered.table.filter.text, 'idle');
  assert.deepEqual(textInStyle(view(filtered), 'selected'), ['e']);
  const prompt = play(model, keys(':', ...typed('sort ss'), 'left', 'left', 'r')).model;
  assert.match(frameText(view(prompt)), /:sort rss/);
  assert.equal(play(prompt, keys('enter')).model.table.sort.by, 'rss');
});

test('Tab completes the word before the cursor and keeps what is behind it', () => {
  const steps = keys(':', ...typed('vi memory'), ...Array.from({ length: 7 }, () => 'left'), 'tab');
  const { model } = play(busyModel(120, 40), steps);
  assert.equal(model.prompt?.text, 'view  memory');
  assert.equal(play(model, keys('enter')).model.screen, 'memory');
});
