import { geometry, type Geometry } from '../model/geometry.js';

/** A run of lines over the whole width. */
export interface Band {
  readonly y: number;
  readonly height: number;
}

/** Where each block of the screen stands; a block of height 0 is not shown. */
export interface Layout {
  readonly tier: Geometry['tier'];
  readonly header: Band;
  readonly charts: Band;
  /** Titles included. */
  readonly table: Band;
  readonly requests: Band;
  readonly notices: Band;
  readonly bar: Band;
}

/** Room for "no workers" and the like below the titles. */
const LEAST_ROWS = 3;
/** A shorter list of requests says too little for its place. */
const LEAST_REQUESTS = 4;

/**
 * Places the blocks: header, charts and table from the top, messages and keys at the bottom, and the
 * requests in flight in what a short table leaves.
 * @param lines How many lines the table wants below its titles; a number that changes from document
 *   to document would make the screen jump.
 */
export function layout(width: number, height: number, lines: number): Layout {
  const shares = geometry(width, height);
  const header = { y: 0, height: shares.header };
  const charts = { y: shares.header + shares.gap, height: shares.charts };
  const tableY = charts.y + (shares.charts > 0 ? shares.charts + 1 : 0);
  const bar = { y: height - shares.bar, height: shares.bar };
  const notices = { y: bar.y - shares.notices, height: shares.notices };
  if (shares.tier === 'tiny') {
    const none = { y: 0, height: 0 };
    return { tier: shares.tier, header, charts, table: none, requests: none, notices, bar };
  }
  const needed = Math.min(shares.rows, Math.max(LEAST_ROWS, lines));
  const table = { y: tableY, height: needed + 1 };
  const requestsY = table.y + table.height + 1;
  const left = notices.y - requestsY;
  const requests = { y: requestsY, height: left >= LEAST_REQUESTS ? left : 0 };
  return { tier: shares.tier, header, charts, table, requests, notices, bar };
}
