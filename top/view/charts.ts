import type { Model } from '../model/model.js';
import { instanceOf } from '../model/table-state.js';
import { type Chart, chartsOf, newest, peakOf } from './chart.js';
import { type Axis, axisPanel } from './chart-axis.js';
import type { Panel } from './frame.js';
import { glyphsFor, spark } from './glyphs.js';
import { type Place, tallAxis, tallChart, tallColumns, timeAxis } from './tall-chart.js';
import { cut, span } from './text.js';

/** Lines from which on a chart has a border and an axis. */
const TALL = 6;

/** Lines of a title and its blocks. */
const LOW = 2;

/** Histories side by side: areas with axes, or in two lines a title above blocks. */
export function chartPanels(
  model: Model,
  y: number,
  height: number,
  all: readonly Chart[] = chartsOf(model),
): Panel[] {
  if (height < 2 || instanceOf(model) === null) return [];
  const tall = height >= TALL;
  const gap = tall ? 1 : 3;
  const room = model.width - 2 - gap * (all.length - 1);
  const width = Math.floor(room / all.length);
  // Columns that cannot be shared go to the first charts, so that the right edge is straight.
  const wider = room - width * all.length;
  return all.flatMap((chart, index) => {
    const x = 1 + index * (width + gap) + Math.min(index, wider);
    const place = { x, y, width: width + (index < wider ? 1 : 0), height: tall ? height : LOW };
    const columns = tallColumns(width);
    const panel = tall ? tallChart(model, chart, place, columns) : lowChart(model, chart, place);
    // The line below a chart is free in every layout.
    const axis = axisPanel(
      model.events.events,
      tall ? tallAxis(model, chart.id, place, columns) : lowAxis(model, chart.id, place),
    );
    return axis === null ? [panel] : [panel, axis];
  });
}

/** Under blocks, a column for each document: how far back they go, and what happened when. */
function lowAxis(model: Model, id: string, { x, y, width, height }: Place): Axis {
  const times = model.history.times.slice(-width);
  const [oldest = 0] = times;
  const empty = width - times.length;
  const [left, right] = timeAxis(model, (times.at(-1) ?? 0) - oldest);
  const start = Math.min(empty, width - left.length - right.length - 2);
  return {
    ...{ id, x, y: y + height, columns: width },
    columnOf: (at) => {
      if (at < oldest - model.intervalMs) return null;
      const index = times.findIndex((time) => time >= at);
      return empty + (index < 0 ? times.length - 1 : index);
    },
    labels: [
      ...(times.length > 1 ? [{ column: start, text: left }] : []),
      { column: width - right.length, text: right },
    ],
  };
}

/** A title above a line of blocks; in ASCII drawn as text. */
function lowChart(model: Model, chart: Chart, place: Place): Panel {
  const glyphs = glyphsFor(model.ascii);
  const { width } = place;
  const { id, style } = chart;
  const known = chart.values.slice(-width);
  // Newest at the right edge from the first document on.
  const values = [...Array.from({ length: width - known.length }, () => null), ...known];
  const peak = peakOf(known);
  const max = peak === null ? glyphs.unknown : chart.format(peak);
  const now = newest(chart, known, 6, glyphs.unknown);
  // Blocks have no axis: the greatest value is said.
  const title = cut(`${chart.title} ${now}  max ${max}`, width, glyphs.ellipsis);
  if (!model.ascii) return { ...place, id, kind: 'sparkline', title, values, style };
  const lines = [[span(title, 'dim')], [span(spark(values, width, glyphs), style)]];
  return { ...place, id, kind: 'text', lines };
}
