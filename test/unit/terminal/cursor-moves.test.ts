import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { move } from '../../../top/terminal/cursor-moves.js';
import { createEmulator } from '../../support/terminal.js';

const [WIDTH, HEIGHT] = [30, 12];

const place = fc.record({
  y: fc.nat(HEIGHT - 1),
  x: fc.nat(WIDTH - 1),
});

test('a move ends where it was to, from any place, and is never longer than naming the place', async () => {
  await fc.assert(
    fc.asyncProperty(place, place, async (from, to) => {
      const terminal = createEmulator(WIDTH, HEIGHT);
      const bytes = move(from, to);
      await terminal.feed(`\x1b[${from.y + 1};${from.x + 1}H${bytes}#`);
      assert.equal(terminal.cell(to.x, to.y).character, '#');
      assert.ok(bytes.length <= move(undefined, to).length);
      terminal.dispose();
    }),
  );
});

test('the next sign in the same column of the next line costs three bytes: a step down and one back', () => {
  assert.equal(move({ y: 8, x: 166 }, { y: 9, x: 165 }), '\x1bD\b');
});

test('the start of the next line costs two bytes', () => {
  assert.equal(move({ y: 8, x: 150 }, { y: 9, x: 0 }), '\r\n');
});

test('from an unknown place a cell is named', () => {
  assert.equal(move(undefined, { y: 2, x: 4 }), '\x1b[3;5H');
  assert.equal(move(undefined, { y: 2, x: 0 }), '\x1b[3H');
});
