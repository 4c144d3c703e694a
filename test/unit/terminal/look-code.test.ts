import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BLANK, change, lookCode } from '../../../top/terminal/look-code.js';
import type { Look } from '../../../top/terminal/theme.js';
import { createEmulator } from '../../support/terminal.js';

const anyLook: fc.Arbitrary<Look> = fc.record(
  {
    fg: fc.nat(255),
    bg: fc.nat(255),
    bold: fc.boolean(),
    underline: fc.boolean(),
    inverse: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** How a sign looks that is written after these bytes. */
async function looksAfter(bytes: string): Promise<unknown> {
  const terminal = createEmulator(3, 1);
  await terminal.feed(`${bytes}#`);
  const { fg, bg, bold, underline, inverse } = terminal.cell(0, 0);
  terminal.dispose();
  return { fg, bg, bold, underline, inverse };
}

test('from any look to any other, a terminal shows the other', async () => {
  await fc.assert(
    fc.asyncProperty(anyLook, anyLook, async (from, to) => {
      const [a, b] = [lookCode(from), lookCode(to)];
      const shown = await looksAfter(change(BLANK, a) + change(a, b));
      assert.deepEqual(shown, {
        fg: to.fg,
        bg: to.bg,
        bold: to.bold ?? false,
        underline: to.underline ?? false,
        inverse: to.inverse ?? false,
      });
    }),
  );
});

test('the same look costs nothing, and back to the own one of the terminal three bytes', () => {
  const alarm = lookCode({ fg: 196, bold: true });
  assert.equal(change(alarm, alarm), '');
  assert.equal(change(alarm, BLANK), '\x1b[m');
});

test('only what differs is told when that is shorter', () => {
  const bold = lookCode({ bold: true });
  assert.equal(change(bold, lookCode({ fg: 3, bold: true })), '\x1b[33m');
  assert.equal(change(bold, lookCode({ fg: 3 })), '\x1b[0;33m');
});
