import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell } from '../../../top/terminal/cells.js';
import { createInk, type Strip } from '../../../top/terminal/ink.js';
import type { Look } from '../../../top/terminal/theme.js';

const OWN: Look = {};
const DIM: Look = { fg: 244 };
const WARM: Look = { fg: 136 };

const strip = (...parts: readonly (readonly [string, Look])[]): Strip => ({
  row: parts.flatMap(([text, look]) =>
    Array.from(text, (character): Cell => ({ character, look })),
  ),
  left: 0,
});

/** What is drawn on a screen that is clear. */
function drawn(lines: readonly Strip[]): string {
  const ink = createInk(30, lines.length);
  ink.draw([]);
  return ink.draw(lines.map((line) => [line]));
}

test('what looks alike on the screen is drawn together, so that a look is told once', () => {
  const line = strip(['1', OWN], ['     ', OWN], ['0', DIM], ['     ', OWN], ['48M', OWN]);
  assert.equal(
    drawn([line, line, line]),
    '\x1b[1H1\x1b[11C48M\r\n1\x1b[11C48M\r\n1\x1b[11C48M' +
      '\x1b[1;7H\x1b[38;5;244m0\x1bD\b0\x1bD\b0\x1b[m',
  );
});

test('it is drawn as it comes where that is shorter: going back costs more than telling a look', () => {
  assert.equal(
    drawn([strip(['a', OWN], ['b', DIM]), strip(['c', OWN])]),
    '\x1b[1Ha\x1b[38;5;244mb\r\n\x1b[mc',
  );
});

test('it is drawn together within a line where that is shorter', () => {
  const line = (look: Look): Strip => strip(['1', OWN], ['2', look], ['3', OWN], ['4', look]);
  assert.equal(
    drawn([line(DIM), line(WARM)]),
    '\x1b[1H1\x1b[C3\b\b\x1b[38;5;244m2\x1b[C4\r\n\x1b[m1\x1b[C3\b\b\x1b[38;5;136m2\x1b[C4\x1b[m',
  );
});

test('blanks are drawn with what they stand beside, whose look they do not show', () => {
  const ink = createInk(30, 1);
  ink.draw([[strip(['one two', WARM])]]);
  assert.equal(
    ink.draw([[strip([' ', OWN], ['ne t', DIM], ['  ', WARM], ['.', DIM])]]),
    '\x1b[1H\x1b[38;5;244m ne t  .\x1b[m',
  );
});
