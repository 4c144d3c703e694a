import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barView } from '../../../top/view/footer-view.js';
import { busyModel } from '../../support/dashboard.js';

const bar = (width: number, height: number): string =>
  barView(busyModel(width, height))
    .map(({ text }) => text)
    .join('')
    .trim();

test('at 80 columns the keys that are used most are there: the views by their digits, and pause', () => {
  assert.equal(
    bar(80, 24),
    '1-6 views  Enter detail  / filter  p pause  R reload  F9 kill  ? help  q quit',
  );
});

test('a wide terminal names every view, and never only some of them', () => {
  assert.match(bar(200, 60), /1 overview {2}2 workers .* 6 others {2}Tab views/);
  for (let width = 60; width <= 200; width++) {
    const text = bar(width, 40);
    assert.equal(text.includes('1 overview'), text.includes('6 others'), text);
    assert.equal(text.includes('1-6 views'), !text.includes('1 overview'), text);
  }
});
