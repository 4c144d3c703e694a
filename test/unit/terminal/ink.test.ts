import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell } from '../../../top/terminal/cells.js';
import { createInk, type Strip } from '../../../top/terminal/ink.js';
import type { Look } from '../../../top/terminal/theme.js';
import { createEmulator } from '../../support/terminal.js';

const DIM: Look = { fg: 244 };
const OWN: Look = {};

const cells = (text: string, look = OWN): Cell[] =>
  Array.from(text, (character) => ({ character, look }));

const strip = (...parts: readonly (readonly [string, Look])[]): Strip => ({
  row: parts.flatMap(([text, look]) => cells(text, look)),
  left: 0,
});

/** What is drawn after these lines were shown. */
function drawnAfter(before: readonly Strip[], after: readonly Strip[], width = 20): string {
  const ink = createInk(width, before.length);
  ink.draw(before.map((each) => [each]));
  return ink.draw(after.map((each) => [each]));
}

test('a terminal of unknown content is cleared, once', () => {
  const ink = createInk(10, 2);
  assert.equal(ink.draw([]), '\x1b[m\x1b[2J');
  assert.equal(ink.draw([]), '');
});

test('a few unchanged signs between two changes are written again, which is shorter than going around', () => {
  assert.equal(drawnAfter([strip(['a = 1', OWN])], [strip(['b = 2', OWN])]), '\x1b[1Hb = 2');
});

test('many are gone around', () => {
  assert.equal(
    drawnAfter([strip(['a..........1', OWN])], [strip(['b..........2', OWN])]),
    '\x1b[1Hb\x1b[10C2',
  );
});

test('signs that look otherwise, or are no ASCII, are gone around', () => {
  const text = (from: string, to: string): Strip => strip([from, OWN], ['x', DIM], [to, OWN]);
  assert.equal(drawnAfter([text('a', '1')], [text('b', '2')]), '\x1b[1Hb\x1b[C2');
  assert.equal(drawnAfter([strip(['a●1', OWN])], [strip(['b●2', OWN])]), '\x1b[1Hb\x1b[C2');
});

test('no look is told for a blank: nobody sees it', () => {
  assert.equal(
    drawnAfter([strip(['', OWN])], [strip(['one', DIM], [' ', OWN], ['two', DIM])]),
    '\x1b[1H\x1b[38;5;244mone two\x1b[m',
  );
  assert.equal(drawnAfter([strip([' ', DIM])], [strip([' ', OWN])]), '');
});

test('what is left of a longer line is erased at once', () => {
  assert.equal(drawnAfter([strip(['a long line', OWN])], [strip(['a', OWN])]), '\x1b[1;3H\x1b[K');
});

test('a line that ends in the last column is no reason to write the next one elsewhere', async () => {
  const ink = createInk(5, 2);
  const terminal = createEmulator(5, 2);
  await terminal.feed(ink.draw([[strip(['12345', OWN])], [strip(['6789.', OWN])]]));
  assert.deepEqual(terminal.rows(), ['12345', '6789.']);
  terminal.dispose();
});

test('a line of the very strips as before is not looked at again', () => {
  const ink = createInk(10, 1);
  const row = cells('before');
  ink.draw([[{ row, left: 0 }]]);
  row.splice(0, 6, ...cells('after!'));
  assert.equal(ink.draw([[{ row, left: 0 }]]), '');
  assert.notEqual(ink.draw([[{ row: [...row], left: 0 }]]), '');
});
