import type { Model } from '../model/model.js';
import { instanceOf } from '../model/table-state.js';
import { type Chart, chartsOf, newest, peakOf } from './chart.js';
import type { Panel } from './frame.js';
import { glyphsFor, spark } from './glyphs.js';
import { type Place, tallChart, tallColumns } from './tall-chart.js';
import { cut, span } from './text.js';

/** Lines from which on a chart has a border and an axis. */
const TALL = 6;

/** Histories side by side: areas with axes, or in two lines a title above blocks. */
export function chartPanels(model: Model, y: number, height: number): Panel[] {
  if (height < 2 || instanceOf(model) === null) return [];
  const tall = height >= TALL;
  const all = chartsOf(model);
  const gap = tall ? 1 : 3;
  const room = model.width - 2 - gap * (all.length - 1);
  const width = Math.floor(room / all.length);
  // Columns that cannot be shared go to the first charts, so that the right edge is straight.
  const wider = room - width * all.length;
  return all.map((chart, index) => {
    const x = 1 + index * (width + gap) + Math.min(index, wider);
    const place = { x, y, width: width + (index < wider ? 1 : 0), height };
    return tall
      ? tallChart(model, chart, place, tallColumns(width))
      : lowChart(model, chart, { ...place, height: 2 });
  });
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
