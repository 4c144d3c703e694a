import { duration } from '../../shared/units.js';
import { modelFreshness } from '../model/currency.js';
import { type Model } from '../model/model.js';
import { areaChart } from './area-chart.js';
import { type Chart, newest, peakOf } from './chart.js';
import type { Border, Line, TextPanel } from './frame.js';
import { type Glyphs, glyphsFor } from './glyphs.js';
import { axisTop } from './scale.js';
import { cut, span } from './text.js';
import type { Axis } from './chart-axis.js';
import { columnAt, columnSpan, timeColumns } from './time-columns.js';

/** The two borders, and room for a mark of the axis and a space. */
const AROUND = 2 + 5;

/** Columns of time in a tall chart so wide. */
export function tallColumns(width: number): number {
  return Math.max(1, width - AROUND);
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * An area in a border: what it is and its newest value above, its scale at the left, its time below.
 * @param columns Of time, the same for neighbours: a moment stands at the same place in each.
 */
export function tallChart(model: Model, chart: Chart, place: Place, columns: number): TextPanel {
  const glyphs = glyphsFor(model.ascii);
  const { intervalMs } = model;
  const { times } = model.history;
  const millis = columnSpan(times, intervalMs, columns);
  const from = (times.at(-1) ?? 0) - columns * millis;
  // Of single values, not of columns: a mean that is not complete would make the scale jump.
  const peak = peakOf(chart.values.filter((_, index) => (times[index] ?? 0) >= from));
  const max = axisTop(peak ?? 0, chart.least, chart.base);
  const window = { columns, span: millis, intervalMs };
  const values = timeColumns(times, chart.values, window, chart.combine);
  const area = areaChart(values, { height: place.height - 2, max, style: chart.style, glyphs });
  const margin = place.width - 3 - columns;
  const lines = area.map((drawn, line): Line => {
    const top = line === 0 && peak !== null ? chart.mark(max) : '';
    const mark = line === area.length - 1 ? '0' : top;
    return [span(`${mark.padStart(margin)} `, 'dim'), ...drawn];
  });
  const title = titleOf(chart, place.width - 5, glyphs);
  const border: Border = { title, style: 'dim', foot: timeAxis(model, columns * millis) };
  return { ...place, id: chart.id, kind: 'text', lines, border };
}

/** The line under a tall chart: its times stand in the border, so there are only events on it. */
export function tallAxis(model: Model, id: string, place: Place, columns: number): Axis {
  const { times } = model.history;
  const window = { columns, span: columnSpan(times, model.intervalMs, columns) };
  return {
    ...{ id, columns, labels: [] },
    x: place.x + place.width - 1 - columns,
    y: place.y + place.height,
    columnOf: (at) => columnAt(at, times, window),
  };
}

/** The newest value, and those beside it that can be said in full. */
function titleOf(chart: Chart, width: number, { unknown, ellipsis }: Glyphs): string {
  const first = `${chart.title} ${newest(chart, chart.values, 5, unknown)}`;
  const whole = chart.beside.reduce((title, [name, values]) => {
    const longer = `${title}  ${name} ${newest(chart, values, 5, unknown)}`;
    return longer.length <= width ? longer : title;
  }, first);
  return cut(whole, width, ellipsis);
}

/** The ends of the time shown. The right one is the newest value: "now" only while it is. */
export function timeAxis(model: Model, shownMs: number): readonly [left: string, right: string] {
  const live = modelFreshness(model).kind === 'live';
  const age = live ? 0 : model.now - (model.history.times.at(-1) ?? model.now);
  return [ago(shownMs + age), live ? 'now' : ago(age)];
}

function ago(ms: number): string {
  return `-${duration(ms / 1000).replace(/(?<=[mh])00[sm]$/, '')}`;
}
