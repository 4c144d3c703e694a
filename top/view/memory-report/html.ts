import { rssLine } from '../../../shared/memory/rss-line.js';
import type { MemoryPoint } from '../../../shared/memory/points.js';
import type { WorkerMemory } from '../../../shared/memory/report.js';
import { sanitizeShort } from '../../model/sanitize.js';
import { bytes } from '../../../shared/units.js';
import type { TitledReport } from './figures.js';
import { verdictText } from './figures.js';
import { memoryText } from './text.js';

/**
 * The report as one file that asks nobody for anything: styles and charts stand in it, and a policy
 * forbids the rest. Every text goes through `escaped`.
 */
export function memoryHtml(titled: TitledReport): string {
  const { report, address } = titled;
  const title = `memory of ${sanitizeShort(address, 200)}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<h1>${escaped(title)}</h1>`,
    `<pre>${escaped(memoryText(titled, { ascii: false }))}</pre>`,
    ...report.workers.map(workerSection),
    '</html>',
    '',
  ].join('\n');
}

const STYLE = [
  ':root{color-scheme:light dark;font:14px system-ui,sans-serif}',
  'body{margin:2em;max-width:110em}pre{overflow-x:auto}',
  'section{display:inline-block;margin:0 2em 2em 0}',
  'h2{font-size:1.1em;margin:0}.leak h2{color:#c22}.suspect h2{color:#b70}',
  'svg{display:block;border:1px solid #8886}',
  'polyline,line{fill:none;stroke-width:1.5}',
  '.rss{stroke:#27b}.heap{stroke:#2a6}.external{stroke:#a5c}.slope{stroke:#c22;stroke-dasharray:6 4}',
  'text{font-size:11px;fill:currentColor}.legend span{margin-right:1em}',
  '.legend .rss{color:#27b}.legend .heap{color:#2a6}.legend .external{color:#a5c}.legend .slope{color:#c22}',
].join('');

const WIDTH = 560;
const HEIGHT = 180;

function workerSection(worker: WorkerMemory): string {
  const { id, pid, verdict } = worker;
  return [
    `<section class="${verdict}">`,
    `<h2>worker ${id}, pid ${pid}: ${escaped(verdictText(worker))}</h2>`,
    chart(worker),
    '<p class="legend"><span class="rss">rss</span><span class="heap">heap</span>' +
      '<span class="external">external</span><span class="slope">slope</span></p>',
    '</section>',
  ].join('\n');
}

/** RSS, heap and external over the window, from zero up, and the line that the slope is of. */
function chart({ id, points, rss }: WorkerMemory): string {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '<p>nothing is known</p>';
  const top = Math.max(...points.map((point) => point.rss), 1) * 1.05;
  const span = Math.max(1, last.t - first.t);
  const place = (t: number, value: number): string =>
    `${(((t - first.t) / span) * WIDTH).toFixed(1)},${(HEIGHT - (value / top) * HEIGHT).toFixed(1)}`;
  const series = (name: string, read: (point: MemoryPoint) => number | null): string => {
    const known = points.flatMap((point) => {
      const value = read(point);
      return value === null ? [] : [place(point.t, value)];
    });
    return known.length < 2 ? '' : `<polyline class="${name}" points="${known.join(' ')}"/>`;
  };
  const fitted = rss === null ? null : rssLine(points, rss.slope);
  const [from, to] = fitted ?? [];
  const slope =
    from === undefined || to === undefined
      ? ''
      : `<polyline class="slope" points="${place(from.t, from.value)} ${place(to.t, to.value)}"/>`;
  return [
    `<svg role="img" aria-label="memory of worker ${id}" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">`,
    series('rss', (point) => point.rss),
    series('heap', ({ heap }) => heap),
    series('external', ({ external }) => external),
    slope,
    `<text x="4" y="12">${bytes(top)}</text>`,
    `<text x="4" y="${HEIGHT - 4}">${Math.round(span)} s ago</text>`,
    `<text x="${WIDTH - 4}" y="${HEIGHT - 4}" text-anchor="end">newest: ${bytes(last.rss)}</text>`,
    '</svg>',
  ]
    .filter(Boolean)
    .join('\n');
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES.get(character) ?? character);
}
