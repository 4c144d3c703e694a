import { bytes, count, duration } from '../../shared/units.js';
import { type Fleet, FLEET_KEYS, fleetFrame, fleetRows, listed } from '../model/fleet.js';
import {
  FLEET_FIGURES,
  type FleetFigure,
  fleetProblem,
  totalsOfServer,
} from '../model/fleet-list.js';
import { isOutdated, modelFreshness } from '../model/currency.js';
import { type Model } from '../model/model.js';
import { sanitize, sanitizeShort } from '../model/sanitize.js';
import { instanceOf } from '../model/table-state.js';
import type { Totals } from '../model/totals.js';
import { badge } from './badge.js';
import { number, rate } from './columns.js';
import { fieldView } from './footer-view.js';
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
  const lines = fleet.help ? helpLines() : [summary(fleet, glyphs), ...table(fleet, glyphs)];
  const foot = footLines(fleet, glyphs);
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

/** Under the list: the filter while it is typed, else a word and the keys where there is room. */
function footLines(fleet: Fleet, glyphs: Glyphs): readonly Line[] {
  const width = fleet.servers[0]?.width ?? 1;
  if (fleet.filter.editing) return [filterLine(fleet, glyphs)];
  return fleetFrame(fleet).foot ? [wordLine(fleet, glyphs), keyLine(width)] : [];
}

function filterLine({ filter }: Fleet, { cursor }: Glyphs): Line {
  return [span(' /', 'key'), ...fieldView(filter, cursor)];
}

function helpLines(): readonly Line[] {
  return [
    [span(' Several servers', 'title')],
    [],
    ...FLEET_KEYS.map(([keys, help]): Line => [
      span(` ${keys.padEnd(9)}`, 'key'),
      span(` ${help}`),
    ]),
    [],
    [span(' any key', 'key'), span(' goes on', 'dim')],
  ];
}

/** How many there are, and how many of them do not answer. */
function summary(fleet: Fleet, glyphs: Glyphs): Line {
  const { servers, top, filter } = fleet;
  const width = servers[0]?.width ?? 1;
  const live = servers.filter((model) => modelFreshness(model).kind === 'live').length;
  const away = servers.length - live;
  const rows = fleetRows(fleet);
  const { length } = listed(fleet);
  const last = Math.min(length, top + rows);
  const position = length > rows ? `${top + 1}-${last} of ${length}` : '';
  const filtered = filter.text === '' ? '' : `/${filter.text} ${length} of ${servers.length}`;
  const pieces: Piece[] = [
    { line: [span(plural(servers.length, 'server'), 'title')], rank: 0 },
    { line: [span(`${glyphs.state.busy} ${live} live`, live > 0 ? 'work' : 'dim')], rank: 1 },
    {
      line: away > 0 ? [span(`${glyphs.state.dead} ${away} not`, 'alarm')] : [],
      rank: 0,
    },
    { line: filtered === '' ? [] : [span(filtered, 'key')], rank: 1 },
    { line: [span(position, 'dim')], rank: 2 },
  ];
  return [span(' '), ...flowed(pieces, width - 2, 3)];
}

/** A column: which fold first (the highest rank), and what they say of a server. */
interface FleetColumn {
  readonly id: FleetFigure['id'];
  readonly title: string;
  readonly width: number;
  readonly rank: number;
  readonly align: 'left' | 'right';
  readonly cell: (model: Model, totals: Totals | null, glyphs: Glyphs) => Span;
}

const COLUMNS: readonly FleetColumn[] = [
  column('rps', 'RPS', [7, 1], (value, _, glyphs) => number(value, rate, glyphs)),
  column('queue', 'QUEUE', [6, 2], (value, _, glyphs) =>
    number(value, count, glyphs, (value ?? 0) > 0 ? 'attention' : 'normal'),
  ),
  column('busy', 'BUSY', [7, 3], (value, totals, glyphs) =>
    value === null || totals === null
      ? span(glyphs.unknown, 'dim')
      : span(`${value}/${totals.workers}`),
  ),
  column('rss', 'RSS', [6, 5], (value, _, glyphs) => number(value, bytes, glyphs)),
  column('hc', 'HC', [5, 2], (value, _, glyphs) => number(value, count, glyphs, 'attention')),
  column('age', 'AGE', [8, 6], (value, _, glyphs) => number(value, duration, glyphs)),
];

function column(
  id: FleetFigure['id'],
  title: string,
  [width, rank]: readonly [width: number, rank: number],
  shown: (value: number | null, totals: Totals | null, glyphs: Glyphs) => Span,
): FleetColumn {
  const figure = FLEET_FIGURES.find((each) => each.id === id);
  const cell: FleetColumn['cell'] = (model, totals, glyphs) =>
    shown(figure?.value(model, totals) ?? null, totals, glyphs);
  return { id, title, width, rank, align: 'right', cell };
}

/** Widths of the two columns that are always there: who, and how it stands. */
function widths(width: number): { readonly server: number; readonly state: number } {
  if (width < 40) return { server: Math.max(1, width - 12), state: 9 };
  if (width < 60) return { server: 13, state: 11 };
  return width < 100 ? { server: 20, state: 18 } : { server: 34, state: 30 };
}

function table(fleet: Fleet, glyphs: Glyphs): readonly Line[] {
  const { servers, top, mark, sort } = fleet;
  const width = servers[0]?.width ?? 1;
  const { server, state } = widths(width);
  const sign = sort.descending ? glyphs.descending : glyphs.ascending;
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
    ...cells(({ id, title }) => span(id === sort.by ? sign + title : title, 'header')),
  ];
  const shown = listed(fleet).slice(top, top + fleetRows(fleet));
  const rows = shown.flatMap((place): Line[] => {
    const model = servers[place];
    if (model === undefined) return [];
    const totals = totalsOfServer(model);
    const figures = cells(({ cell }) => cell(model, totals, glyphs));
    const marked = place === mark;
    const { text, style } = badge(model);
    const row = [
      span(`${marked ? glyphs.marker : ' '} `),
      span(`${left(nameOf(model), server)} `),
      span(left(text, state), style),
      // What was true once is still readable, but no longer claims the eye.
      ...(isOutdated(model) ? restyled(figures, 'dim') : figures),
    ];
    return [marked ? restyled(padded(row, width), 'selected') : row];
  });
  const head = fleetFrame(fleet).titles ? [padded(titles, width, 'header')] : [];
  return rows.length > 0 ? [...head, ...rows] : [...head, [span('  no server matches', 'dim')]];
}

/** What the server calls itself, with its address; the address alone where it has no name. */
function nameOf(model: Model): string {
  const name = sanitizeShort(instanceOf(model)?.name ?? '', 40);
  return name === '' ? model.address : `${name} ${model.address}`;
}

/** What is wrong with the filter, or why the marked server is not live; empty when nothing is. */
function wordLine({ servers, mark, filter }: Fleet, { state }: Glyphs): Line {
  const problem = fleetProblem(filter);
  if (problem !== null) return [span(` ${problem}`, 'attention')];
  const model = servers[mark];
  if (model === undefined) return [];
  const fresh = modelFreshness(model);
  if (fresh.kind !== 'disconnected' && fresh.kind !== 'problem') return [];
  const style: StyleName = fresh.kind === 'disconnected' ? 'alarm' : 'attention';
  return [span(` ${state.stuck} ${model.address}: ${fresh.message}`, style)];
}

function keyLine(width: number): Line {
  const keys = [
    ['Enter', 'opens', 1],
    ['/', 'filter', 2],
    ['F6', 'order', 3],
    ['?', 'help', 1],
    ['q', 'quit', 0],
  ] as const;
  const pieces = keys.map(([key, word, rank]): Piece => {
    return { line: [span(key, 'key'), span(` ${word}`, 'dim')], rank };
  });
  return [span(' '), ...flowed(pieces, width - 2, 2)];
}
