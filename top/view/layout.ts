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

/** Places the blocks: header, charts, table and requests from the top, the rest at the bottom. */
export function layout(width: number, height: number): Layout {
  const shares = geometry(width, height);
  const header = { y: 0, height: shares.header };
  const charts = { y: shares.header + shares.gap, height: shares.charts };
  const tableY = charts.y + (shares.charts > 0 ? shares.charts + 1 : 0);
  const table = { y: tableY, height: shares.tier === 'tiny' ? 0 : shares.rows + 1 };
  const bar = { y: height - shares.bar, height: shares.bar };
  const notices = { y: bar.y - shares.notices, height: shares.notices };
  const requests = { y: notices.y - shares.requests, height: shares.requests };
  return { tier: shares.tier, header, charts, table, requests, notices, bar };
}
