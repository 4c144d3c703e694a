import { modelFreshness } from '../model/currency.js';
import { type Model } from '../model/model.js';
import {
  allRequests,
  type FlyingRequest,
  hasCountLine,
  markedIndex,
  requestRows,
  shownRequests,
} from '../model/request-list.js';
import { allRows, instanceOf } from '../model/table-state.js';
import { age } from './ages.js';
import type { Line, StyleName } from './frame.js';
import { type Glyphs, glyphsFor, STATE_STYLES } from './glyphs.js';
import { OLD_REQUEST } from './requests-view.js';
import { clip, fit, linked, padded, restyled, span } from './text.js';
import { withoutWorkers } from '../model/without-workers.js';

/** The marker and the space after it. */
const MARGIN = 2;
/** From this width on the peer has a column, and so have the process and its state. */
const WIDE = 100;
/** Below this width only worker, age, method and URI have room. */
const NARROW = 60;
/** An IPv4 address; a longer one is cut, and whole again where there is room. */
const PEER = { usual: 15, long: 39 } as const;

interface Cell {
  readonly title: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  readonly text: (flying: FlyingRequest) => string;
  readonly style: (flying: FlyingRequest) => StyleName;
}

const dim = (): StyleName => 'dim';
const normal = (): StyleName => 'normal';

/** Every request in flight, oldest first, `height` lines in all. */
export function requestListView(model: Model, height: number): readonly Line[] {
  if (height <= 0) return [];
  const glyphs = glyphsFor(model.ascii);
  const { width } = model;
  const shown = shownRequests(model);
  const cells = cellsFor(width, glyphs);
  const counts = countLine(model);
  const head = hasCountLine(model)
    ? [[span(` ${counts}`, 'bright')], titleLine(cells, width, glyphs)]
    : [[span(fit(shorter(counts, width), width, 'left', glyphs.ellipsis), 'header')]];
  if (shown.length === 0) return [...head, [], [span(`  ${emptyText(model)}`, 'dim')]];
  const { top } = model.requestList;
  const marked = markedIndex(model, shown);
  const old = modelFreshness(model).kind !== 'live';
  const lines = shown.slice(top, top + requestRows(model)).map((flying, at) => {
    const line = requestLine(flying, cells, glyphs);
    const isMarked = top + at === marked;
    const sign = isMarked ? `${glyphs.marker} ` : ' '.repeat(MARGIN);
    const plain = clip(padded([span(sign), ...line], width), width, glyphs.ellipsis);
    const seen = isMarked ? restyled(plain, 'selected') : old ? restyled(plain, 'dim') : plain;
    return linked(seen, { kind: 'request', key: flying.key });
  });
  return [...head, ...lines];
}

function cellsFor(width: number, glyphs: Glyphs): readonly Cell[] {
  const worker: Cell = {
    ...{ title: 'WID', width: 4, align: 'right', style: normal },
    text: ({ row }) => String(row.worker.id),
  };
  const state: Cell = {
    ...{ title: 'STATUS', width: 9, align: 'left' },
    text: ({ row: { condition } }) => `${glyphs.state[condition.kind]} ${condition.word}`,
    style: ({ row }) => STATE_STYLES[row.condition.kind],
  };
  const pid: Cell = {
    ...{ title: 'PID', width: 7, align: 'right', style: normal },
    text: ({ row }) => String(row.worker.pid),
  };
  const core: Cell = {
    ...{ title: 'CORE', width: 4, align: 'right', style: dim },
    text: ({ request }) => String(request.core),
  };
  const since: Cell = {
    ...{ title: 'AGE', width: 6, align: 'right' },
    text: ({ request }) => (request.age === null ? glyphs.unknown : age(request.age)),
    style: ({ request }) => ((request.age ?? 0) >= OLD_REQUEST ? 'attention' : 'normal'),
  };
  const method: Cell = {
    ...{ title: 'METHOD', width: 7, align: 'left', style: dim },
    text: ({ request }) => request.method,
  };
  const peer: Cell = {
    ...{ title: 'PEER', width: width >= 150 ? PEER.long : PEER.usual, align: 'left', style: dim },
    text: ({ request }) => (request.peer === '' ? glyphs.unknown : request.peer),
  };
  const uri: Cell = {
    ...{ title: 'URI', width: 1, align: 'left', style: normal },
    text: ({ request }) => request.uri,
  };
  if (width < NARROW) return [worker, since, { ...method, width: 4 }, uri];
  if (width < WIDE) return [since, worker, core, method, peer, uri];
  return [since, worker, core, state, pid, method, peer, uri];
}

/** What is shown of a request, each with its title. */
export function requestFields(
  model: Model,
  flying: FlyingRequest,
): readonly (readonly [title: string, text: string])[] {
  return cellsFor(model.width, glyphsFor(model.ascii)).map(
    ({ title, text }) => [title, text(flying)] as const,
  );
}

/** The last cell is as long as it is: the line is clipped to the screen. */
function requestLine(flying: FlyingRequest, cells: readonly Cell[], glyphs: Glyphs): Line {
  return cells.map(({ width, align, text, style }, index) => {
    const last = index === cells.length - 1;
    const shown = last ? text(flying) : `${fit(text(flying), width, align, glyphs.ellipsis)}  `;
    return span(shown, style(flying));
  });
}

function titleLine(cells: readonly Cell[], width: number, { ellipsis }: Glyphs): Line {
  const titles = cells.map(({ title, width: wide, align }) => fit(title, wide, align, ellipsis));
  const last = cells.at(-1)?.title ?? '';
  const text = ' '.repeat(MARGIN) + [...titles.slice(0, -1), last].join('  ');
  return [span(fit(text, width, 'left', ellipsis), 'header')];
}

/** `17 in flight on 4 workers, oldest 8.5 s`; also how many of them the server lists. */
function countLine(model: Model): string {
  if (model.shown === null) return 'requests in flight';
  const rows = allRows(model);
  const requests = allRequests(model);
  // A worker that does not count its requests is known by those it lists.
  const counted = rows.map((row) => Math.max(row.inFlight ?? 0, row.requests.length));
  const flying = counted.reduce((sum, number) => sum + number, 0);
  const workers = counted.filter((number) => number > 0).length;
  if (flying === 0) return listsRequests(model) ? 'nothing in flight' : 'requests in flight';
  const on = `${flying} in flight on ${workers} worker${workers === 1 ? '' : 's'}`;
  const listed = requests.length < flying ? `, ${requests.length} listed` : '';
  const oldest = requests[0]?.request.age ?? null;
  return `${on}${listed}${oldest === null ? '' : `, oldest ${age(oldest)}`}`;
}

/** On a tiny screen the workers are left out. */
function shorter(counts: string, width: number): string {
  return counts.length <= width ? counts : counts.replace(/ on \d+ workers?/, '');
}

function listsRequests(model: Model): boolean {
  return instanceOf(model)?.workers.some(({ cores }) => cores !== undefined) ?? false;
}

/** Never a blank list: why there is nothing in it. */
function emptyText(model: Model): string {
  if (model.shown === null) return `waiting for ${model.address} ...`;
  const none = withoutWorkers(model.shown.document);
  if (none !== null) return `${none}, and lists no requests: 6 shows what it has`;
  const { text } = model.requestList.filter;
  if (text !== '' && allRequests(model).length > 0) return `no request matches "${text}"`;
  return listsRequests(model) ? 'nothing is in flight' : 'this server does not list its requests';
}
