import assert from 'node:assert/strict';
import { test } from 'node:test';
import { themeFor } from '../../../top/terminal/theme.js';
import { paletteColour } from '../../support/palette.js';

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(index: number): number {
  const [r, g, b] = paletteColour(index).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const contrast = (a: number, b: number): number =>
  (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

test('every colour of the 256 can be read on black and on white', () => {
  for (const [name, look] of Object.entries(themeFor(256))) {
    if (look.fg === undefined) continue;
    const grounds = look.bg === undefined ? [0, 1] : [luminance(look.bg)];
    for (const ground of grounds) {
      const value = contrast(luminance(look.fg), ground);
      assert.ok(value >= 3, `${name} has a contrast of ${value.toFixed(1)} to ${ground}`);
    }
  }
});

test('fewer colours use only colours that the terminal has', () => {
  for (const depth of [8, 16] as const) {
    for (const look of Object.values(themeFor(depth))) {
      assert.ok((look.fg ?? 0) < depth && (look.bg ?? 0) < depth);
    }
  }
});

test('without colour no style names one, and alarm, attention and selection differ', () => {
  const mono = themeFor(0);
  for (const look of Object.values(mono)) {
    assert.equal(look.fg, undefined);
    assert.equal(look.bg, undefined);
  }
  const looks = [mono.normal, mono.attention, mono.alarm, mono.selected, mono.header];
  assert.equal(new Set(looks.map((look) => JSON.stringify(look))).size, looks.length);
});

test('red is for alarms only', () => {
  for (const depth of [256, 16, 8] as const) {
    for (const [name, { fg = 15 }] of Object.entries(themeFor(depth))) {
      const [r, g, b] = paletteColour(fg);
      assert.equal(r > 2 * Math.max(g, b), name === 'alarm', `${name} at ${depth} colours`);
    }
  }
});
