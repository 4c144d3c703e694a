import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyName } from '../../../top/view/key-names.js';
import { glyphsFor, spark } from '../../../top/view/glyphs.js';
import { age } from '../../../top/view/ages.js';
import {
  chosen,
  clip,
  cut,
  fit,
  flowed,
  lineWidth,
  padded,
  span,
  spread,
} from '../../../top/view/text.js';

const plain = (line: readonly { text: string }[]): string => line.map(({ text }) => text).join('');

test('cut text shows that something is missing', () => {
  assert.equal(cut('worker', 6, '…'), 'worker');
  assert.equal(cut('worker', 5, '…'), 'work…');
  assert.equal(cut('worker', 1, '…'), '…');
  assert.equal(cut('worker', 0, '…'), '');
  assert.equal(fit('7', 4, 'right', '…'), '   7');
  assert.equal(fit('7', 4, 'left', '…'), '7   ');
});

test('a line is clipped across its spans', () => {
  const line = [span('abc', 'dim'), span('def', 'alarm'), span('ghi')];
  assert.equal(plain(clip(line, 9, '…')), 'abcdefghi');
  assert.equal(plain(clip(line, 5, '…')), 'abcd…');
  assert.equal(plain(clip(line, 3, '…')), 'ab…');
  assert.equal(plain(clip(line, 0, '…')), '');
});

test('a clipped line has exactly the width it was given, or less when it was shorter', () => {
  const lines = fc.array(fc.string().map((text) => span(text)));
  fc.assert(
    fc.property(lines, fc.nat(40), (line, width) => {
      assert.equal(lineWidth(clip(line, width, '…')), Math.min(width, lineWidth(line)));
      assert.equal(lineWidth(padded(clip(line, width, '…'), width)), width);
    }),
  );
});

test('pieces give way by rank, and rank 0 never', () => {
  const piece = (text: string, rank: number) => ({ line: [span(text)], rank });
  const pieces = [piece('aa', 0), piece('bb', 2), piece('cc', 1)];
  assert.equal(plain(flowed(pieces, 10, 1)), 'aa bb cc');
  assert.equal(plain(flowed(pieces, 7, 1)), 'aa cc');
  assert.equal(plain(flowed(pieces, 1, 1)), 'aa');
  assert.deepEqual(chosen([], 0, 2), []);
  assert.equal(plain(spread([piece('aa', 0)], [piece('zz', 0)], 8, 1)), 'aa    zz');
});

test('a spark runs from zero to its maximum, newest at the right, gaps as dots', () => {
  const glyphs = glyphsFor(false);
  assert.equal(spark([0, 1, 2, 4, 8, null, 8], 9, glyphs), '  ▁▁▂▄█·█');
  assert.equal(spark([0, 0, null], 3, glyphs), '▁▁·');
  assert.equal(spark([1, 2, 3, 4], 2, glyphs), '▆█');
  assert.equal(spark([], 3, glyphs), '   ');
  assert.equal(spark([1], 0, glyphs), '');
  assert.equal(spark([0, 8], 2, glyphsFor(true)), '_#');
});

test('keys are written as people write them', () => {
  const names = ['up', 'pageup', 'f9', 'ctrl-r', 'K', '?', 'escape'];
  assert.deepEqual(
    names.map((name) => keyName(name, false)),
    ['↑', 'PgUp', 'F9', '^R', 'K', '?', 'Esc'],
  );
  assert.equal(keyName('up', true), 'Up');
  assert.equal(keyName('constructor', false), 'constructor');
});

test('ages have a decimal while it matters', () => {
  assert.deepEqual([0, 0.44, 9.94, 9.96, 61, 7300, -3].map(age), [
    '0.0s',
    '0.4s',
    '9.9s',
    '9s',
    '1m01s',
    '2h01m',
    '0.0s',
  ]);
});
