import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textCells } from '../../../top/terminal/cells.js';
import { themeFor } from '../../../top/terminal/theme.js';
import type { TextPanel } from '../../../top/view/frame.js';

const theme = themeFor(256);

/** Few parts to choose from, so that most lines begin like the one that stood there. */
const part = fc.constantFrom(
  { text: 'cat', style: 'work' as const },
  { text: 'cat', style: 'dim' as const },
  { text: '🐈 at', style: 'work' as const },
  { text: '漢', style: 'dim' as const },
  { text: '', style: 'alarm' as const },
  { text: 'purr   ', style: 'selected' as const },
);
const anyLines = fc.array(fc.array(part, { maxLength: 6 }), { maxLength: 4 });
const anyBorder = fc.constantFrom({}, { border: { title: 'cats', style: 'dim' as const } });

const panelOf = (lines: TextPanel['lines'], border: Pick<TextPanel, 'border'>): TextPanel => ({
  ...{ id: 'a', kind: 'text' as const, x: 0, y: 0, width: 17, height: 4, lines },
  ...border,
});

test('a line that begins as the one before gives the row that it would give by itself', () => {
  let begunAlike = 0;
  fc.assert(
    fc.property(anyLines, anyLines, anyBorder, fc.boolean(), (old, lines, border, ascii) => {
      const edge = 'border' in border ? 1 : 0;
      const drawn = textCells(panelOf(old, border), theme, ascii);
      const kept = structuredClone(drawn);
      const rows = textCells(panelOf(lines, border), theme, ascii, (at) => {
        const row = at < 4 - 2 * edge ? drawn[at + edge] : undefined;
        if (old[at]?.[0] === lines[at]?.[0]) begunAlike++;
        return row === undefined ? undefined : { line: old[at] ?? [], row };
      });
      assert.deepEqual(rows, textCells(panelOf(lines, border), theme, ascii));
      assert.deepEqual(drawn, kept, 'what was drawn before is not written over');
    }),
    { numRuns: 500 },
  );
  assert.ok(begunAlike > 200, `${begunAlike} lines`);
});

test('a line that is the same is the very same row, so that nothing compares its cells', () => {
  const panel = panelOf([[{ text: 'cat', style: 'work' }], [{ text: 'at', style: 'dim' }]], {});
  const drawn = textCells(panel, theme, false);
  const line = panel.lines[0] ?? [];
  const [first, second] = textCells(panelOf([line, line], {}), theme, false, (at) => ({
    line: panel.lines[at] ?? [],
    row: drawn[at] ?? [],
  }));
  assert.equal(first, drawn[0]);
  assert.notEqual(second, drawn[1]);
});
