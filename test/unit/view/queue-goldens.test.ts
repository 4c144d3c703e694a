import { test } from 'node:test';
import type { Model } from '../../../top/model/model.js';
import { themeFor } from '../../../top/terminal/theme.js';
import { view } from '../../../top/view/view.js';
import { instanceAt, keys, play } from '../../support/dashboard.js';
import { frameText, lookText } from '../../support/frame-text.js';
import { matchGolden } from '../../support/golden.js';
import { queueDocument, queueModel, queueOthers } from '../../support/queue-scenes.js';

// Times are shown as they are here, wherever here is.
process.env['TZ'] = 'UTC';

const SIZES = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

const down = (count: number): string[] => Array<string>(count).fill('down');

/** The queues of a server in view 6, one of them opened, and each question. */
const SCENES: Readonly<Record<string, (width: number, height: number, ascii: boolean) => Model>> = {
  'queue-others': (width, height, ascii) =>
    queueOthers(width, height, queueDocument({ paused: 1 }), ascii),
  queue: (width, height, ascii) =>
    play(queueModel(width, height, queueDocument(), ascii), keys(...down(4))).model,
  'queue-paused': (width, height, ascii) =>
    queueModel(width, height, queueDocument({ paused: 1 }), ascii),
  'queue-retry': (width, height, ascii) =>
    play(queueModel(width, height, queueDocument(), ascii), keys(...down(3), 'R')).model,
  'queue-drop': (width, height, ascii) =>
    play(queueModel(width, height, queueDocument(), ascii), keys(...down(11), 'X', 'tab')).model,
  'queue-pause': (width, height, ascii) =>
    play(queueModel(width, height, queueDocument(), ascii), keys('P')).model,
  'queue-gone': (width, height, ascii) => {
    const empty = { ...queueDocument(), spoolers: [] };
    return play(queueModel(width, height, queueDocument(), ascii), [instanceAt(900, empty)]).model;
  },
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

for (const [width, height] of [
  [20, 5],
  [40, 10],
] as const) {
  test(`the queue screen at ${width}x${height} looks as drawn`, () => {
    const model = play(queueModel(width, height), keys(...down(3))).model;
    matchGolden(`queue-${width}x${height}.txt`, frameText(view(model)));
  });
}
