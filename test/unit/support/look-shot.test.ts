import assert from 'node:assert/strict';
import { test } from 'node:test';
import { themeFor } from '../../../top/terminal/theme.js';
import { view } from '../../../top/view/view.js';
import { operate, play, start } from '../../support/dashboard.js';
import { frameText, lookText } from '../../support/frame-text.js';
import { shotOf } from '../../support/look-shot.js';

test('a screen with its looks is read again as the same signs', () => {
  const frame = view(play(start(120, 40), [operate]).model);
  const { cells } = shotOf(lookText(frame, themeFor(256)), 'a screen');
  const text = cells.map(
    (row) =>
      `${row
        .map(({ character }) => character)
        .join('')
        .trimEnd()}\n`,
  );
  assert.equal(text.join(''), frameText(frame));
  assert.equal(new Set(cells.map((row) => row.length)).size, 1);
});

test('a look in front of a run is that of its cells, up to the next one', () => {
  const { cells } = shotOf('a{196 bold}b {}c{255 on 24 bold}d\n{67 underline}e', 'looks');
  const plain = { bold: false, dim: false, underline: false, inverse: false };
  assert.deepEqual(cells[0], [
    { ...plain, character: 'a', fg: undefined, bg: undefined },
    { ...plain, character: 'b', fg: 196, bg: undefined, bold: true },
    { ...plain, character: ' ', fg: 196, bg: undefined, bold: true },
    { ...plain, character: 'c', fg: undefined, bg: undefined },
    { ...plain, character: 'd', fg: 255, bg: 24, bold: true },
  ]);
  assert.deepEqual(cells[1]?.slice(0, 2), [
    { ...plain, character: 'e', fg: 67, bg: undefined, underline: true },
    { ...plain, character: ' ', fg: undefined, bg: undefined },
  ]);
});
