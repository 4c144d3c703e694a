import { memoryFacts } from '../model/memory-facts.js';
import { limitSize, limitsShown } from '../model/memory-limit.js';
import type { HappenedEvent } from '../model/events.js';
import type { Model } from '../model/model.js';
import type { WorkerRow } from '../model/rows.js';
import { rowOf, visibleRows } from '../model/table-state.js';
import { areaChart } from './area-chart.js';
import { blockWindow, MARGIN } from './block-view.js';
import { peakOf, shortBytes, styled } from './chart.js';
import { axisPanel } from './chart-axis.js';
import type { Line, Panel, TextPanel } from './frame.js';
import { glyphsFor } from './glyphs.js';
import type { Band, Banded } from './layout.js';
import { axisTop } from './scale.js';
import { type SizeColumns, sizeColumns } from './size-columns.js';
import { type Place, tallColumns, timeAxis } from './tall-chart.js';
import { cut, span } from './text.js';
import { columnAt } from './time-columns.js';

/** As long as sizes are remembered. */
const HORIZON_MS = 1_800_000;
const LEAST_TOP = 16 * 1024 * 1024;
/** A limit further away than this would press the line down. */
const NEAR = 2;
const GAP = 2;

/** One worker: its memory over time, and the figures that have no column. */
export function memoryPanel(model: Model, { y, height }: Band, band: Banded): Panel[] {
  const row = shownRow(model);
  if (row === null) return [];
  const facts = Math.min(52, Math.floor(model.width * 0.44));
  const x = facts + GAP;
  const place: Place = { x, y: y + 1, width: model.width - 1 - x, height: height - 2 };
  const block = memoryFacts(model, row);
  const lines = blockWindow({ ...model, width: facts + MARGIN }, [[block]], 0, height - 2);
  const columns = tallColumns(place.width);
  const sizes = sizeColumns(model, row.worker.id, columns, HORIZON_MS);
  const axis = axisPanel(eventsOf(model, row), {
    ...{ id: 'memory-worker', columns, labels: [] },
    x: place.x + place.width - 1 - columns,
    y: place.y + place.height,
    columnOf: (at) => columnAt(at, sizes.times, sizes.window),
  });
  return [
    ...band('memory-facts', { y: y + 1, height: height - 2 }, lines),
    chartPanel(model, row, place, sizes),
    ...(axis === null ? [] : [axis]),
  ];
}

/** The marked one; while none is marked the first of the list. */
function shownRow(model: Model): WorkerRow | null {
  const { selection } = model.table;
  const marked = selection === null ? null : rowOf(model, selection.identity);
  return marked ?? visibleRows(model)[0] ?? null;
}

/** What happened to this worker, and to all. */
function eventsOf({ events }: Model, { worker }: WorkerRow): readonly HappenedEvent[] {
  return events.events.filter((event) => event.worker === null || event.worker === worker.id);
}

function chartPanel(model: Model, row: WorkerRow, place: Place, sizes: SizeColumns): TextPanel {
  const glyphs = glyphsFor(model.ascii);
  const { columns, span: millis } = sizes.window;
  const limit = limitSize(row.worker, limitsShown(model));
  const peak = peakOf(sizes.values) ?? 0;
  const isNear = limit !== null && limit <= NEAR * peak;
  const max = axisTop(isNear ? Math.max(peak, limit) : peak, LEAST_TOP, 1024);
  const height = place.height - 2;
  const style = styled(model, 'measure');
  const area = areaChart(sizes.values, { height, max, style, glyphs });
  const level = isNear ? Math.min(height - 1, Math.floor((1 - limit / max) * height)) : null;
  const margin = place.width - 3 - columns;
  const lines = area.map((drawn, at): Line => {
    const top = at === 0 && peak > 0 ? shortBytes(max) : '';
    const mark = at === height - 1 ? '0' : top;
    const crossed = crossing(drawn, sizes.recycled, at === level ? glyphs.level : null, glyphs);
    return [span(`${mark.padStart(margin)} `, 'dim'), ...crossed];
  });
  const said = isNear ? `, ${glyphs.level} its first limit ${shortBytes(limit)}` : '';
  const title = cut(`worker ${row.worker.id}: rss${said}`, place.width - 5, glyphs.ellipsis);
  const border = { title, style: 'dim', foot: timeAxis(model, columns * millis) } as const;
  return { ...place, id: 'memory-worker', kind: 'text', lines, border };
}

/** A line of an area with what stands across it: another process, and a level where nothing is drawn. */
function crossing(
  line: Line,
  recycled: ReadonlySet<number>,
  level: string | null,
  glyphs: { readonly recycled: string },
): Line {
  let column = -1;
  return line.flatMap(({ text, style }) =>
    Array.from(text, (sign) => {
      column++;
      if (recycled.has(column)) return span(glyphs.recycled, 'notice');
      return sign === ' ' && level !== null ? span(level, 'attention') : span(sign, style);
    }),
  );
}
