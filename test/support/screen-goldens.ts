import { test } from 'node:test';
import type { Model } from '../../top/model/model.js';
import { themeFor } from '../../top/terminal/theme.js';
import { view } from '../../top/view/view.js';
import { frameText, lookText } from './frame-text.js';
import { matchGolden } from './golden.js';

// Times are shown as they are here, wherever here is.
process.env['TZ'] = 'UTC';

const SIZES = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

/** What is to be seen on a screen of a size; `ascii`: with signs that every terminal has. */
export type Scene = (width: number, height: number, ascii: boolean) => Model;

/** Declares a test for each scene and size, which holds it against its goldens in every look. */
export function testScreens(scenes: Readonly<Record<string, Scene>>): void {
  for (const [name, scene] of Object.entries(scenes)) {
    for (const [width, height] of SIZES) {
      test(`the ${name} screen at ${width}x${height} looks as drawn, in every look`, () => {
        const size = `${width}x${height}.txt`;
        const frame = view(scene(width, height, false));
        matchGolden(`${name}-colour-${size}`, lookText(frame, themeFor(256)));
        matchGolden(`${name}-mono-${size}`, lookText(frame, themeFor(0)));
        matchGolden(`ascii-${name}-${size}`, frameText(view(scene(width, height, true))));
      });
    }
  }
}
