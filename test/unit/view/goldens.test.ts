import { test } from 'node:test';
import type { Message } from '../../../top/model/message.js';
import type { Model } from '../../../top/model/model.js';
import { themeFor } from '../../../top/terminal/theme.js';
import { textReport } from '../../../top/view/text-report.js';
import { view } from '../../../top/view/view.js';
import {
  arrival,
  busyModel,
  busyShop,
  client,
  instanceAt,
  keys,
  play,
  start,
  STUCK,
  tick,
  typed,
} from '../../support/dashboard.js';
import { frameText, lookText } from '../../support/frame-text.js';
import { eventfulModel } from '../../support/happened.js';
import { memoryModel } from '../../support/worker-memory.js';
import { detailModel, stackModel, uwsgiDetail } from '../../support/worker-detail.js';
import { matchGolden } from '../../support/golden.js';
import { emperorOthers, frontOthers, othersModel, ourOthers } from '../../support/other-parts.js';
import { NOW } from '../../support/stats-builder.js';
import { EMPEROR, uwsgiInstance } from '../../support/uwsgi-documents.js';

// Times are shown as they are here, wherever here is.
process.env['TZ'] = 'UTC';

const SIZES = [
  [20, 5],
  [40, 10],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

const refused = 'connect ECONNREFUSED 127.0.0.1:9191';

/** What an operator may find, at any size. */
const SCENES: Readonly<Record<string, (width: number, height: number) => Model>> = {
  busy: (width, height) => busyModel(width, height),
  stuck: (width, height) =>
    play(busyModel(width, height, { third: STUCK }), keys('down', 'down', 'down')).model,
  help: (width, height) => play(busyModel(width, height), keys('?')).model,
  kill: (width, height) => {
    const mark = keys('down', 'down', 'down', 'K', 'end', 'enter');
    return play(busyModel(width, height, { third: STUCK }), mark).model;
  },
  requests: (width, height) => play(busyModel(width, height, { third: STUCK }), keys('a')).model,
  eventful: (width, height) => eventfulModel(width, height),
  events: (width, height) => play(eventfulModel(width, height), keys('5')).model,
  detail: (width, height) => detailModel(width, height),
  memory: (width, height) => memoryModel(width, height),
  others: (width, height) => ourOthers(width, height),
  'front-others': (width, height) => frontOthers(width, height),
  'uwsgi-others': (width, height) => othersModel(width, height),
  'emperor-others': (width, height) => emperorOthers(width, height),
  stack: (width, height) => stackModel(width, height),
  'uwsgi-detail': (width, height) => uwsgiDetail(width, height),
  workers: (width, height) =>
    play(busyModel(width, height, { third: STUCK }), keys('2', 'down', 'down', 'down')).model,
  settings: (width, height) => play(busyModel(width, height), keys('f2', 'down', 'right')).model,
  prompt: (width, height) => play(busyModel(width, height), keys(':', ...typed('s'))).model,
  difference: (width, height) =>
    play(busyModel(width, height), [
      ...keys('m'),
      instanceAt(90_001, busyShop(90, { pid: 30_144, last_spawn: NOW + 80, respawn_count: 2 })),
      tick(90_301),
      ...keys('m'),
    ]).model,
  columns: (width, height) => play(busyModel(width, height), keys('2', 'c', 'down')).model,
  tagged: (width, height) => {
    const tags = keys('2', 'down', 'space', 'down', 'space', 'down');
    return play(busyModel(width, height, { third: STUCK }), tags).model;
  },
  'kill-tagged': (width, height) => {
    const tags = keys('2', 'down', 'space', 'down', 'space', 'K', 'end', 'enter');
    return play(busyModel(width, height, { third: STUCK }), tags).model;
  },
  'kill-all': (width, height) => {
    const tags = keys('down', ...Array<string>(11).fill('space'), 'K', 'enter', 'tab', 'k');
    return play(busyModel(width, height), tags).model;
  },
  outcomes: (width, height) => {
    const sent = keys('down', 'space', 'space', 'R', 'tab', 'enter');
    return play(busyModel(width, height), sent).model;
  },
  'requests-in-flight': (width, height) =>
    play(busyModel(width, height, { third: STUCK }), keys('3', 'down', 'down')).model,
  record: (width, height) =>
    play(eventfulModel(width, height), keys('5', '/', ...typed('hara'), 'enter', 'enter')).model,
  past: (width, height) =>
    play(eventfulModel(width, height), keys(...Array<string>(20).fill('['))).model,
  paused: (width, height) => play(busyModel(width, height), [...keys('p'), tick(70_000)]).model,
  disconnected: (width, height) =>
    play(busyModel(width, height), [
      client({ type: 'disconnected', at: 62_000, message: refused, retryInMs: 4000 }),
      tick(64_000),
    ]).model,
  'never-connected': (width, height) =>
    play(start(width, height), [
      tick(1),
      client({ type: 'disconnected', at: 100, message: refused, retryInMs: 2000 }),
    ]).model,
  uwsgi: (width, height) =>
    play(start(width, height), [
      tick(1),
      client({
        type: 'control',
        at: 1,
        control: { available: false, reason: 'a uWSGI takes no commands on its stats socket' },
      }),
      instanceAt(1, uwsgiInstance()),
      instanceAt(1001, uwsgiInstance()),
      tick(1300),
    ]).model,
  emperor: (width, height) =>
    play(start(width, height), [
      tick(1),
      arrival(1, { kind: 'emperor', emperor: EMPEROR, damaged: false }),
      tick(300),
    ]).model,
};

for (const [name, scene] of Object.entries(SCENES)) {
  for (const [width, height] of SIZES) {
    test(`the ${name} screen at ${width}x${height} looks as drawn`, () => {
      matchGolden(`${name}-${width}x${height}.txt`, frameText(view(scene(width, height))));
    });
  }
}

for (const [width, height] of SIZES.slice(2)) {
  for (const [name, colours] of [
    ['colour', 256],
    ['mono', 0],
  ] as const) {
    test(`the events screen in ${name} at ${width}x${height} looks as drawn`, () => {
      const frame = view(play(eventfulModel(width, height), keys('5', 'up')).model);
      const text = lookText(frame, themeFor(colours));
      matchGolden(`events-${name}-${width}x${height}.txt`, text);
    });
  }
}

/** Other views in what they look like with and without colours. */
const LOOKS: Readonly<Record<string, (width: number, height: number) => Model>> = {
  detail: (width, height) => stackModel(width, height),
  memory: (width, height) => memoryModel(width, height),
  others: (width, height) => othersModel(width, height),
  'front-others': (width, height) => frontOthers(width, height),
  workers: (width, height) =>
    play(busyModel(width, height, { third: STUCK }), keys('2', ...Array<string>(4).fill('down')))
      .model,
  'requests-in-flight': (width, height) =>
    play(busyModel(width, height, { third: STUCK }), keys('3', 'down', 'down')).model,
};

for (const [name, scene] of Object.entries(LOOKS)) {
  for (const [width, height] of SIZES.slice(2)) {
    for (const [look, colours] of [
      ['colour', 256],
      ['mono', 0],
    ] as const) {
      test(`the ${name} screen in ${look} at ${width}x${height} looks as drawn`, () => {
        const text = lookText(view(scene(width, height)), themeFor(colours));
        matchGolden(`${name}-${look}-${width}x${height}.txt`, text);
      });
    }
  }
}

/** What can be done to the memory of a worker, step by step. */
const MEMORY_DIALOGS: Readonly<Record<string, readonly Message[]>> = {
  menu: keys('M'),
  gc: keys('M', 'enter'),
  snapshot: keys('M', 'down', 'enter'),
  progress: [
    ...keys('M', 'down', 'enter', 'right', 'enter'),
    client({ type: 'reply', at: 180_500, id: 1, ok: true, code: 'accepted', message: 'writing' }),
    client({ type: 'progress', at: 180_600, id: 1, message: '40 % of 404M written' }),
  ],
  profile: keys('M', 'end', 'enter'),
  allocators: [
    ...keys('M', 'end', 'enter', 'right', 'enter'),
    client({
      ...{ type: 'outcome', at: 190_500, id: 1, ok: true, code: 'done' },
      message:
        '10 s of heap profile in /var/tmp/w3.heapprofile\nabout 42M allocated and still alive\n' +
        '  23M  55.0%  grow (app.js:10:3)\n 9.2M  22.0%  parse (json.js:88:1)',
    }),
  ],
};

for (const [name, messages] of Object.entries(MEMORY_DIALOGS)) {
  for (const [width, height] of SIZES.slice(2)) {
    test(`the ${name} of the memory of a worker at ${width}x${height} looks as drawn`, () => {
      const frame = (ascii: boolean) =>
        view(play(memoryModel(width, height, 180, ascii), messages).model);
      const size = `${width}x${height}.txt`;
      matchGolden(`memory-${name}-colour-${size}`, lookText(frame(false), themeFor(256)));
      matchGolden(`memory-${name}-mono-${size}`, lookText(frame(false), themeFor(0)));
      matchGolden(`ascii-memory-${name}-${size}`, frameText(frame(true)));
    });
  }
}

test('the events in ASCII use no other character', () => {
  const model = play(eventfulModel(100, 30, true), keys('5')).model;
  matchGolden('ascii-events-100x30.txt', frameText(view(model)));
});

for (const [width, height] of SIZES.slice(2)) {
  test(`the memory screen in ASCII at ${width}x${height} looks as drawn`, () => {
    const text = frameText(view(memoryModel(width, height, 180, true)));
    matchGolden(`ascii-memory-${width}x${height}.txt`, text);
  });
}

test('the stuck screen in ASCII uses no other character', () => {
  const model = busyModel(100, 30, { third: STUCK, ascii: true });
  const marked = play(model, keys('down', 'down', 'down')).model;
  matchGolden('ascii-100x30.txt', frameText(view(marked)));
});

test('the menus at 80x24 look as drawn', () => {
  const model = play(busyModel(80, 24), keys('down')).model;
  matchGolden('sort-menu-80x24.txt', frameText(view(play(model, keys('f6')).model)));
  matchGolden('signal-menu-80x24.txt', frameText(view(play(model, keys('f9')).model)));
  matchGolden('reload-menu-80x24.txt', frameText(view(play(model, keys('ctrl-r')).model)));
  for (const [downs, how] of ['rolling', 'chain', 'brutal'].entries()) {
    const chosen = keys('ctrl-r', ...Array<string>(downs).fill('down'), 'enter');
    matchGolden(`reload-${how}-80x24.txt`, frameText(view(play(model, chosen).model)));
  }
});

test('the text report of tsuwsgi and of a real uWSGI looks as drawn', () => {
  const ours = { kind: 'instance', instance: busyShop(60, STUCK), damaged: false } as const;
  matchGolden('report-tsuwsgi-120.txt', textReport(ours, null, 120));
  matchGolden('report-tsuwsgi-80.txt', textReport(ours, busyModel(80, 24).history.rates, 80));
  const theirs = { kind: 'instance', instance: uwsgiInstance(), damaged: true } as const;
  matchGolden('report-uwsgi-120.txt', textReport(theirs, null, 120));
});
