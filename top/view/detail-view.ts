import { detailRow, detailShares, linesInSight, shownColumns } from '../model/detail-state.js';
import type { Model } from '../model/model.js';
import type { WorkerRow } from '../model/rows.js';
import { blockWindow, MARGIN } from './block-view.js';
import { chartPanels } from './charts.js';
import type { Line, Panel } from './frame.js';
import { glyphsFor, STATE_STYLES } from './glyphs.js';
import type { Band, Banded } from './layout.js';
import { lineWidth, span } from './text.js';
import { workerCharts } from './worker-charts.js';

/** One worker: who it is, its charts, and everything that the document says of it. */
export function detailPanels(model: Model, { y, height }: Band, band: Banded): Panel[] {
  const row = detailRow(model);
  const title = band('detail-title', { y, height: Math.min(1, height) }, [titleLine(model, row)]);
  if (row === null) return title;
  const { charts, blocks } = detailShares(model);
  const lines = blockWindow(model, shownColumns(model), model.detail?.top ?? 0, blocks);
  return [
    ...title,
    // The line below the charts is for what happened.
    ...(charts > 0 ? chartPanels(model, y + 1, charts - 1, workerCharts(model, row)) : []),
    ...band('detail', { y: y + 1 + charts, height: Math.min(blocks, height - 1 - charts) }, lines),
  ];
}

function titleLine(model: Model, row: WorkerRow | null): Line {
  const id = model.detail?.opened.worker ?? 0;
  const name = span(` worker ${id}`, 'title');
  if (row === null) return [name, span('  there is no such worker any more', 'attention')];
  const { kind, word } = row.condition;
  const sign = `  ${glyphsFor(model.ascii).state[kind]} ${word}`;
  const pid = row.worker.pid === 0 ? 'no process' : `pid ${row.worker.pid}`;
  const { opened } = model.detail ?? {};
  const other = opened !== undefined && opened.pid !== row.worker.pid && opened.pid !== 0;
  const line = [
    name,
    span(sign, STATE_STYLES[kind]),
    span(`  ${pid}`, 'dim'),
    span(other ? `, in the place of ${opened.pid}` : '', 'attention'),
  ];
  const sight = linesInSight(model);
  const room = model.width - lineWidth(line) - MARGIN;
  return sight.length + 2 > room ? line : [...line, span(sight.padStart(room), 'dim')];
}
