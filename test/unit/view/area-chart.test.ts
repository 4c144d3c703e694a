import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Series } from '../../../top/model/series.js';
import { areaChart } from '../../../top/view/area-chart.js';
import { glyphsFor } from '../../../top/view/glyphs.js';

const unicode = glyphsFor(false);

function drawn(values: Series, height: number, max: number, ascii = false): string[] {
  const lines = areaChart(values, { height, max, style: 'work', glyphs: glyphsFor(ascii) });
  return lines.map((line) => line.map(({ text }) => text).join(''));
}

test('an area fills each column from the bottom, to an eighth of a line', () => {
  assert.deepEqual(drawn([1, 2, 4, 6, 8], 1, 8), ['▁▂▄▆█']);
  assert.deepEqual(drawn([1, 4, 8, 12, 16], 2, 16), ['   ▄█', '▁▄███']);
});

test('at every height the same share of the lines is full', () => {
  for (let height = 1; height <= 8; height++) {
    const lines = drawn([100, 50, 100], height, 100);
    assert.equal(lines.length, height);
    assert.ok(lines.every((line) => line.startsWith('█') && line.endsWith('█')));
    const filled = lines.reduce((sum, line) => sum + unicode.area.indexOf(line[1] ?? '') + 1, 0);
    assert.equal(filled, height * 4);
  }
});

test('a gap is empty, zero is a dim base line, and what is more than zero is seen', () => {
  const lines = areaChart([0, null, 0.001], { height: 3, max: 9, style: 'work', glyphs: unicode });
  assert.deepEqual(lines.at(-1), [
    { text: '▁', style: 'dim' },
    { text: ' ▁', style: 'work' },
  ]);
  assert.deepEqual(drawn([0, null, 0.001], 3, 9).slice(0, 2), ['   ', '   ']);
});

test('nothing known, nothing at all, all zero and a single value are drawn', () => {
  assert.deepEqual(drawn([null, null], 2, 1), ['  ', '  ']);
  assert.deepEqual(drawn([], 2, 1), ['', '']);
  assert.deepEqual(drawn([0, 0], 2, 0), ['  ', '▁▁']);
  assert.deepEqual(drawn([null, 7], 2, 7), [' █', ' █']);
});

test('in ASCII a cell has three heights', () => {
  assert.deepEqual(drawn([0, 1, 2, 3, null, 4, 6], 2, 6, true), ['     .#', '..:# ##']);
});

test('any values give lines of their width, without a hole below the top', () => {
  const value = fc.option(fc.oneof(fc.double(), fc.constantFrom(-1, 0, 1e300)), { nil: null });
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 50 }),
      fc.integer({ min: 1, max: 8 }),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      (values, height, max) => {
        const lines = drawn(values, height, max);
        assert.equal(lines.length, height);
        for (const line of lines) assert.match(line, /^[ ▁-█]*$/);
        assert.ok(lines.every((line) => line.length === values.length));
        values.forEach((_, column) => {
          const down = lines.map((line) => line[column]).join('');
          assert.match(down, /^ *[▁-█]?█*$/);
        });
      },
    ),
  );
});
