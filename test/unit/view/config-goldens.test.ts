import { test } from 'node:test';
import type { Model } from '../../../top/model/model.js';
import { themeFor } from '../../../top/terminal/theme.js';
import { view } from '../../../top/view/view.js';
import { configModel } from '../../support/config-scenes.js';
import { keys, play } from '../../support/dashboard.js';
import { frameText, lookText } from '../../support/frame-text.js';
import { matchGolden } from '../../support/golden.js';

// Times are shown as they are here, wherever here is.
process.env['TZ'] = 'UTC';

const SIZES = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

/** What a reload of the configuration leaves to be seen. */
const SCENES: Readonly<Record<string, (width: number, height: number, ascii: boolean) => Model>> = {
  'config-pending': (width, height, ascii) => configModel(width, height, 50, ascii),
  'config-refused': (width, height, ascii) => configModel(width, height, 60, ascii),
  'config-events': (width, height, ascii) =>
    play(configModel(width, height, 60, ascii), keys('5', 'up')).model,
  'config-record': (width, height, ascii) =>
    play(configModel(width, height, 60, ascii), keys('5', 'end', 'enter')).model,
};

for (const [name, scene] of Object.entries(SCENES)) {
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
