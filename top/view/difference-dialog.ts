import { bytes, count, duration, grouped, millis } from '../../shared/units.js';
import { differenceOf, type Grown, type WorkerDifference } from '../model/difference.js';
import type { Model } from '../model/model.js';
import type { Overlay } from '../model/overlay.js';
import { number, rate } from './columns.js';
import type { Dialog } from './dialog.js';
import type { Line, Span } from './frame.js';
import type { Glyphs } from './glyphs.js';
import { fit, press, span } from './text.js';
import { timeOfDay } from './time-of-day.js';

interface Figure {
  readonly title: string;
  readonly width: number;
  readonly span: (grown: Grown, glyphs: Glyphs) => Span;
}

const exact = (value: number): string => (value < 1e6 ? grouped(value) : count(value));

/** With a sign: memory may shrink. */
const signed = (value: number): string =>
  `${value > 0 ? '+' : value < 0 ? '-' : ''}${bytes(Math.abs(value))}`;

const FIGURES: readonly Figure[] = [
  { title: 'REQ', width: 8, span: ({ requests }, glyphs) => number(requests, exact, glyphs) },
  { title: 'RPS', width: 7, span: ({ rps }, glyphs) => number(rps, rate, glyphs, 'bright') },
  { title: 'MEAN ms', width: 7, span: ({ mean }, glyphs) => number(mean, millis, glyphs) },
  { title: 'EXC', width: 4, span: (g, glyphs) => number(g.exceptions, count, glyphs, 'attention') },
  { title: 'HC', width: 4, span: (g, glyphs) => number(g.harakiri, count, glyphs, 'attention') },
  { title: 'ReSpwn', width: 6, span: ({ respawns }, glyphs) => number(respawns, count, glyphs) },
  { title: 'TX', width: 5, span: ({ tx }, glyphs) => number(tx, bytes, glyphs) },
  { title: 'RSS', width: 6, span: ({ rss }, glyphs) => number(rss, signed, glyphs) },
];

const ID_WIDTH = 4;

const NOTES: Readonly<Record<WorkerDifference['change'], string>> = {
  same: '',
  replaced: '  new process',
  new: '  new worker',
  gone: '  gone',
};

function figures(name: string, grown: Grown, glyphs: Glyphs): Line {
  return [
    span(name.padStart(ID_WIDTH)),
    ...FIGURES.map(({ width, span: make }): Span => {
      const { text, style } = make(grown, glyphs);
      return span(` ${fit(text, width, 'right', glyphs.ellipsis)}`, style);
    }),
  ];
}

/** What came to pass between two marked moments: all workers together, and each. */
export function differenceDialog(
  model: Model,
  { from, to, scroll }: Extract<Overlay, { kind: 'difference' }>,
  glyphs: Glyphs,
): Dialog {
  const found = differenceOf(from.shown, to.shown);
  const when = (time: number | null): string => (time === null ? glyphs.unknown : timeOfDay(time));
  const titles = FIGURES.map(({ title, width }) => ` ${title.padStart(width)}`).join('');
  const head: Line[] = [[span('WID'.padStart(ID_WIDTH) + titles, 'header')]];
  const body =
    found === null
      ? []
      : [
          ...head,
          figures('all', found.total, glyphs),
          ...found.workers.map((worker) => [
            ...figures(String(worker.id), worker, glyphs),
            span(NOTES[worker.change], 'notice'),
          ]),
        ];
  const room = Math.max(1, model.height - 3);
  const restart =
    'the master was started anew in between, all counters with it: nothing to compare';
  const elapsed = duration((found?.elapsedMs ?? 0) / 1000);
  return {
    title: `What differs: ${when(from.time)} to ${when(to.time)}, ${elapsed}`,
    style: 'title',
    body: found?.restarted === true ? [[span(restart, 'attention')], ...body] : body,
    // Scrolling moves the last visible line down.
    focus: Math.min(body.length - 1, room - 1 + scroll),
    foot: [[press('escape', 'Esc'), span(' closes', 'dim')]],
  };
}
