import assert from 'node:assert/strict';
import { test } from 'node:test';
import { THEME_NAMES } from '../../../top/model/appearance.js';
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

/** How well a look can be read on the ground it stands on. */
function readable(
  { fg, bg, inverse }: { fg?: number; bg?: number; inverse?: boolean },
  ground: number,
) {
  if (fg === undefined) return 21;
  const behind = bg === undefined ? ground : luminance(bg);
  return inverse === true ? contrast(behind, luminance(fg)) : contrast(luminance(fg), behind);
}

for (const [name, grounds, least] of [
  ['light', [1], 4.5],
  ['high-contrast', [0, 1], 7],
  ['colour-blind', [0, 1], 3],
] as const) {
  test(`the theme ${name} can be read where it is meant to be`, () => {
    for (const [style, look] of Object.entries(themeFor(256, name))) {
      for (const ground of grounds) {
        const value = readable(look, ground);
        assert.ok(value >= least, `${style} has a contrast of ${value.toFixed(1)} to ${ground}`);
      }
    }
  });
}

test('in every theme red is for alarms, as letters or as their ground', () => {
  for (const name of THEME_NAMES) {
    for (const [style, { fg = 15, bg = 15 }] of Object.entries(themeFor(256, name))) {
      const red = [fg, bg].some((index) => {
        const [r, g, b] = paletteColour(index);
        return r > 2 * Math.max(g, b);
      });
      assert.equal(red, style === 'alarm' && name !== 'mono', `${style} of ${name}`);
    }
  }
});

test('for colour vision of all kinds nothing is told by green against red', () => {
  for (const depth of [256, 16, 8] as const) {
    for (const [style, { fg = 15 }] of Object.entries(themeFor(depth, 'colour-blind'))) {
      const [r, g, b] = paletteColour(fg);
      assert.ok(!(g > 1.3 * Math.max(r, b)), `${style} is green at ${depth} colours`);
    }
  }
});

test('in every theme alarm, attention, selection and plain text look different', () => {
  for (const name of THEME_NAMES) {
    for (const depth of [256, 16, 8, 0] as const) {
      const { normal, attention, alarm, selected } = themeFor(depth, name);
      const looks = new Set(
        [normal, attention, alarm, selected].map((look) => JSON.stringify(look)),
      );
      assert.equal(looks.size, 4, `${name} at ${depth} colours`);
    }
  }
});

test('in no theme plain or dim text shows anything on a blank', () => {
  for (const name of THEME_NAMES) {
    for (const colours of [256, 16, 8, 0] as const) {
      const { normal, dim } = themeFor(colours, name);
      for (const { bg, underline, inverse } of [normal, dim]) {
        assert.deepEqual([bg, underline ?? false, inverse ?? false], [undefined, false, false]);
      }
    }
  }
});

test('without colours every theme is the one without', () => {
  for (const name of THEME_NAMES) assert.deepEqual(themeFor(0, name), themeFor(0));
});
