import { bytes, count, duration } from '../../shared/units.js';
import { type Fleet, fleetRows } from '../model/fleet.js';
import { documentTime, isOutdated, type Model, modelFreshness } from '../model/model.js';
import { sanitize, sanitizeShort } from '../model/sanitize.js';
import { instanceOf } from '../model/table-state.js';
import { type Totals, totalsOf } from '../model/totals.js';
import { badge } from './badge.js';
import { number, rate } from './columns.js';
import type { Frame, Line, Panel, Span, StyleName } from './frame.js';
import { type Glyphs, glyphsFor } from './glyphs.js';
import { chosen, clip, fit, flowed, padded, type Piece, plural, restyled, span } from './text.js';
import { cleanPanel, view } from './view.js';

/** The picture of several servers: that of the one which is open, or a line for each. Pure. */
export function fleetView(fleet: Fleet): Frame {
  const open = fleet.opened === null ? undefined : fleet.servers[fleet.opened];
  if (open !== undefined) return view(open);
  const [first] = fleet.servers;
  if (first === undefined) return { width: 1, height: 1, panels: [], title: 'tsuwsgitop' };
  const { width, height, ascii } = first;
  const glyphs = glyphsFor(ascii);
  const lines = [summary(fleet, glyphs), ...table(fleet, glyphs)];
  const word = wordLine(fleet, glyphs);
  const foot = height >= 4 ? [word, keyLine(width)] : [];
  const room = Math.max(1, height - foot.length);
  const filled = Array.from({ length: room }, (_, index): Line => lines[index] ?? []);
  const panel: Panel = {
    ...{ kind: 'text', id: 'fleet', x: 0, y: 0, width, height },
    lines: [...filled, ...foot].map((line) => clip(line, width, glyphs.ellipsis)),
  };
  return {
    ...{ width, height, panels: [cleanPanel(panel, ascii)] },
    title: sanitize(`tsuwsgitop ${plural(fleet.servers.length, 'server')}`, ascii),
  };
}

/** How many there are, and how many of them do not answer. */
function summary({ servers, top }: Fleet, glyphs: Glyphs): Line {
  const width = servers[0]?.width ?? 1;
  const live = servers.filter((model) => modelFreshness(model).kind === 'live').length;
  const away = servers.length - live;
  const rows = fleetRows({ servers, top, opened: null, mark: 0 });
  const last = Math.min(servers.length, top + rows);
  const position = servers.length > rows ? `${top + 1}-${last} of ${servers.length}` : '';
  const pieces: Piece[] = [
    { line: [span(plural(servers.length, 'server'), 'title')], rank: 0 },
    { line: [span(`${glyphs.state.busy} ${live} live`, live > 0 ? 'work' : 'dim')], rank: 1 },
    {
      line: away > 0 ? [span(`${glyphs.state.dead} ${away} not`, 'alarm')] : [],
      rank: 0,
    },
    { line: [span(position, 'dim')], rank: 2 },
  ];
  return [span(' '), ...flowed(pieces, width - 2, 3)];
}

/** A column: which fold first (the highest rank), and what they say of a server. */
interface FleetColumn {
  readonly title: string;
  readonly width: number;
  readonly rank: number;
  readonly align: 'left' | 'right';
  readonly cell: (model: Model, totals: Totals | null, glyphs: Glyphs) => Span;
}

const figure = (
  title: string,
  width: number,
  rank: number,
  cell: FleetColumn['cell'],
): FleetColumn => ({ title, width, rank, align: 'right', cell });

const COLUMNS: readonly FleetColumn[] = [
  figure('RPS', 7, 1, ({ history }, _, glyphs) => number(history.rates.rps, rate, glyphs)),
  figure('QUEUE', 6, 2, (_, totals, glyphs) =>
    number(totals?.listen, count, glyphs, (totals?.listen ?? 0) > 0 ? 'attention' : 'normal'),
  ),
  figure('BUSY', 7, 3, (_, totals, glyphs) =>
    totals === null
      ? span(glyphs.unknown, 'dim')
      : span(`${totals.kinds.get('busy') ?? 0}/${totals.workers}`),
  ),
  figure('RSS', 6, 5, (_, totals, glyphs) => number(totals?.rss, bytes, glyphs)),
  figure('HC', 5, 2, (_, totals, glyphs) => number(totals?.harakiri, count, glyphs, 'attention')),
  figure('AGE', 8, 6, (model, _, glyphs) => number(ageOf(model), duration, glyphs)),
];

/** Seconds since the server started; null when it does not say. */
function ageOf(model: Model): number | null {
  const start = instanceOf(model)?.start_time;
  const now = documentTime(model);
  return start === undefined || now === null ? null : Math.max(0, now - start);
}

/** Widths of the two columns that are always there: who, and how it stands. */
function widths(width: number): { readonly server: number; readonly state: number } {
  if (width < 40) return { server: Math.max(1, width - 12), state: 9 };
  if (width < 60) return { server: 13, state: 11 };
  return width < 100 ? { server: 20, state: 18 } : { server: 34, state: 30 };
}

function table(fleet: Fleet, glyphs: Glyphs): readonly Line[] {
  const { servers, top, mark } = fleet;
  const width = servers[0]?.width ?? 1;
  const { server, state } = widths(width);
  const free = width - server - state - 4;
  const blank = COLUMNS.map((column): Piece => {
    return { line: [span(' '.repeat(column.width))], rank: column.rank };
  });
  const kept = chosen(blank, free, 1);
  const columns = COLUMNS.filter((column, index) => {
    const piece = blank[index];
    return column.width <= free && piece !== undefined && kept.includes(piece);
  });
  const left = (text: string, size: number): string => fit(text, size, 'left', glyphs.ellipsis);
  const cells = (content: (column: FleetColumn) => Span): Line =>
    columns.map((column) => {
      const { text, style } = content(column);
      return span(` ${fit(text, column.width, column.align, glyphs.ellipsis)}`, style);
    });
  const titles = [
    span(`  ${left('SERVER', server)} ${left('STATE', state)}`, 'header'),
    ...cells(({ title }) => span(title, 'header')),
  ];
  const rows = servers.slice(top, top + fleetRows(fleet)).map((model, index): Line => {
    const instance = instanceOf(model);
    const totals = instance === null ? null : totalsOf(instance);
    const figures = cells(({ cell }) => cell(model, totals, glyphs));
    const marked = top + index === mark;
    const { text, style } = badge(model);
    const row = [
      span(`${marked ? glyphs.marker : ' '} `),
      span(`${left(nameOf(model), server)} `),
      span(left(text, state), style),
      // What was true once is still readable, but no longer claims the eye.
      ...(isOutdated(model) ? restyled(figures, 'dim') : figures),
    ];
    return marked ? restyled(padded(row, width), 'selected') : row;
  });
  return [padded(titles, width, 'header'), ...rows];
}

/** What the server calls itself, with its address; the address alone where it has no name. */
function nameOf(model: Model): string {
  const name = sanitizeShort(instanceOf(model)?.name ?? '', 40);
  return name === '' ? model.address : `${name} ${model.address}`;
}

/** Why the marked server is not live; empty when it is. */
function wordLine({ servers, mark }: Fleet, { state }: Glyphs): Line {
  const model = servers[mark];
  if (model === undefined) return [];
  const fresh = modelFreshness(model);
  if (fresh.kind !== 'disconnected' && fresh.kind !== 'problem') return [];
  const style: StyleName = fresh.kind === 'disconnected' ? 'alarm' : 'attention';
  return [span(` ${state.stuck} ${model.address}: ${fresh.message}`, style)];
}

function keyLine(width: number): Line {
  const keys = [
    ['Enter', 'opens'],
    ['Esc', 'comes back'],
    ['q', 'quit'],
  ] as const;
  const pieces = keys.map(([key, word], index): Piece => {
    return { line: [span(key, 'key'), span(` ${word}`, 'dim')], rank: index === 1 ? 1 : 0 };
  });
  return [span(' '), ...flowed(pieces, width - 2, 2)];
}
