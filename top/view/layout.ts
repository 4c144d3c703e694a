import { geometry, type Geometry } from '../model/geometry.js';
import type { Line, Panel } from './frame.js';

/** A run of lines over the whole width. */
export interface Band {
  readonly y: number;
  readonly height: number;
}

/** Makes a panel over the whole width; none where the place has no height. */
export type Banded = (id: string, place: Band, lines: readonly Line[]) => Panel[];

/** Where each block of the screen stands; a block of height 0 is not shown. */
export interface Layout {
  readonly tier: Geometry['tier'];
  readonly header: Band;
  /** Taken from what the table does not need: 2 lines for blocks, more for areas. */
  readonly charts: Band;
  /** Titles included. */
  readonly table: Band;
  readonly requests: Band;
  /** The newest ones, beside the requests or below them. */
  readonly events: Band;
  readonly notices: Band;
  readonly bar: Band;
}

/** Room for "no workers" and the like below the titles. */
const LEAST_ROWS = 3;
/** A shorter list of requests or events says too little for its place. */
const LEAST_REQUESTS = 4;
const LEAST_EVENTS = 4;
/** From this width on requests and events stand side by side. */
const WIDE = 150;

/** A title and its blocks. */
const LOW = 2;
/** An area of four lines in its border, and one of eight; on a high screen as much as this share of it. */
const TALL = { least: 6, most: 10, share: 0.3 } as const;
/** A terminal lower than this has short charts only. */
const TALL_SCREEN = 30;

/**
 * The lines of the charts out of `spare` ones that the table does not need, an empty line below them
 * included in those: the table never loses a row to a chart. Where requests have no lines of their
 * own, tall charts leave some; where they have, they spare two for low charts above a full table.
 */
function chartLines(spare: number, height: number, { gap, requests }: Geometry): number {
  const room = spare - 1;
  if (gap === 0) return 0;
  if (room < 2) return requests - LOW - 1 >= LEAST_REQUESTS ? LOW : 0;
  if (room < TALL.least || height < TALL_SCREEN) return LOW;
  const left = room - LEAST_REQUESTS - 1;
  const most = Math.max(TALL.most, Math.floor(height * TALL.share));
  return Math.min(most, requests > 0 || left < TALL.least ? room : left);
}

/**
 * Places the blocks: header, charts and table from the top, messages and keys at the bottom, and the
 * requests in flight in what a short table leaves.
 * @param lines How many lines the table wants below its titles; a number that changes from document
 *   to document would make the screen jump. Null when it has all the room there is.
 */
export function layout(width: number, height: number, lines: number | null): Layout {
  const shares = geometry(width, height, lines === null);
  const header = { y: 0, height: shares.header };
  const below = shares.header + shares.gap;
  const bar = { y: height - shares.bar, height: shares.bar };
  const notices = { y: bar.y - shares.notices, height: shares.notices };
  if (shares.tier === 'tiny') {
    const none = { y: 0, height: 0 };
    const nothing = { charts: none, table: none, requests: none, events: none };
    return { tier: shares.tier, header, ...nothing, notices, bar };
  }
  const needed = Math.min(shares.rows, Math.max(LEAST_ROWS, lines ?? shares.rows));
  const drawn = lines === null ? 0 : chartLines(shares.rows - needed, height, shares);
  const charts = { y: below, height: drawn };
  const tableY = charts.height > 0 ? below + charts.height + 1 : below;
  const table = { y: tableY, height: needed + 1 };
  const y = table.y + table.height + 1;
  const lower = lists(width, { y, height: lines === null ? 0 : notices.y - y });
  return { tier: shares.tier, header, charts, table, ...lower, notices, bar };
}

/** What is below the table: requests first, and events where both have room for some lines. */
function lists(width: number, { y, height }: Band): Pick<Layout, 'requests' | 'events'> {
  const none = { y, height: 0 };
  if (height < LEAST_REQUESTS) return { requests: none, events: none };
  if (width >= WIDE) return { requests: { y, height }, events: { y, height } };
  const whole = { y, height };
  if (height < LEAST_REQUESTS + 1 + LEAST_EVENTS) return { requests: whole, events: none };
  const upper = Math.floor((height - 1) / 2);
  return {
    requests: { y, height: upper },
    events: { y: y + upper + 1, height: height - upper - 1 },
  };
}
