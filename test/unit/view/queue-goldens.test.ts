import { test } from 'node:test';
import { view } from '../../../top/view/view.js';
import { instanceAt, keys, play } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import { matchGolden } from '../../support/golden.js';
import { queueDocument, queueModel, queueOthers } from '../../support/queue-scenes.js';
import { type Scene, testScreens } from '../../support/screen-goldens.js';

const down = (count: number): string[] => Array<string>(count).fill('down');

/** The queues of a server in view 6, one of them opened, and each question. */
const SCENES: Readonly<Record<string, Scene>> = {
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

testScreens(SCENES);

for (const [width, height] of [
  [20, 5],
  [40, 10],
] as const) {
  test(`the queue screen at ${width}x${height} looks as drawn`, () => {
    const model = play(queueModel(width, height), keys(...down(3))).model;
    matchGolden(`queue-${width}x${height}.txt`, frameText(view(model)));
  });
}
