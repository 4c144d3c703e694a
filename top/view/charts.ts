import { bytes, millis } from '../../shared/units.js';
import type { Model } from '../model/model.js';
import type { Series } from '../model/series.js';
import { instanceOf } from '../model/table-state.js';
import { rate } from './columns.js';
import type { Panel } from './frame.js';
import { glyphsFor, spark } from './glyphs.js';
import { cut, span } from './text.js';

interface Chart {
  readonly id: string;
  readonly title: string;
  readonly values: Series;
  readonly format: (value: number) => string;
  readonly style: 'work' | 'notice' | 'normal';
}

function charts(model: Model): readonly Chart[] {
  const { rps, rss, p95 } = model.history;
  const requests = { title: 'requests/s', values: rps, format: rate, style: 'work' } as const;
  const memory = { title: 'memory rss', values: rss, format: bytes, style: 'normal' } as const;
  const latency = { title: 'p95 ms', values: p95, format: millis, style: 'notice' } as const;
  return model.width >= 150
    ? [
        { id: 'chart-requests', ...requests },
        { id: 'chart-latency', ...latency },
        { id: 'chart-memory', ...memory },
      ]
    : [
        { id: 'chart-requests', ...requests },
        { id: 'chart-memory', ...memory },
      ];
}

/** The greatest value there is on the chart, said in its title since a spark has no axis. */
function titleOf(chart: Chart, shown: Series, unknown: string): string {
  const known = shown.filter((value) => value !== null);
  const now = shown.at(-1) ?? null;
  const current = now === null ? unknown : chart.format(now);
  const max = known.length === 0 ? unknown : chart.format(Math.max(...known));
  return `${chart.title}  ${current.padStart(6)}  max ${max}`;
}

/** Histories side by side, each a title above a line of blocks; in ASCII drawn as text. */
export function chartPanels(model: Model, y: number, height: number): Panel[] {
  if (height < 2 || instanceOf(model) === null) return [];
  const glyphs = glyphsFor(model.ascii);
  const all = charts(model);
  const gap = 3;
  const width = Math.floor((model.width - 2 - gap * (all.length - 1)) / all.length);
  return all.map((chart, index): Panel => {
    const known = chart.values.slice(-width);
    // Newest at the right edge from the first document on.
    const values = [...Array.from({ length: width - known.length }, () => null), ...known];
    const title = cut(titleOf(chart, values, glyphs.unknown), width, glyphs.ellipsis);
    const place = { id: chart.id, x: 1 + index * (width + gap), y, width, height: 2 };
    if (!model.ascii) return { ...place, kind: 'sparkline', title, values, style: chart.style };
    const lines = [[span(title, 'dim')], [span(spark(values, width, glyphs), chart.style)]];
    return { ...place, kind: 'text', lines };
  });
}
