import { bytes, duration, grouped, millis } from '../../shared/units.js';
import type { DecodedInstance, DecodedRouter } from '../../shared/stats.js';
import type { DecodedDocument } from '../model/client-event.js';
import { NO_RATES, type Rates } from '../model/rates.js';
import type { Block } from '../model/block.js';
import { frontBlocks } from '../model/front-blocks.js';
import { routerBlocks } from '../model/router-blocks.js';
import { insteadOfWorkers, isRoutersAlone } from '../model/routers-alone.js';
import { buildRows, type WorkerRow } from '../model/rows.js';
import { NO_WORKER_HISTORY } from '../model/worker-history.js';
import { sanitizeShort } from '../model/sanitize.js';
import { type Sort, sorted } from '../model/sort-keys.js';
import { totalsOf } from '../model/totals.js';
import { WORKER_KINDS } from '../model/worker-state.js';
import { age } from './ages.js';
import { placeColumns } from '../model/column-specs.js';
import { type Column, COLUMNS, rate } from './columns.js';
import { type Glyphs, glyphsFor } from './glyphs.js';
import { rowLine } from './row-line.js';
import { titleLine } from './table-view.js';
import { cut } from './text.js';

/** What a report may know beyond the document. */
export interface ReportOptions {
  /** Milliseconds since 1970, for the ages of a server that does not tell its time. */
  readonly wallMs?: number;
  readonly ascii?: boolean;
  /** `--sort`; in the document's order without it. */
  readonly sort?: Sort | undefined;
  /** `--columns`; without it all that fit. */
  readonly columns?: readonly Column[] | undefined;
  /** Whether a URI may be longer than the width: nobody's terminal folds it. */
  readonly wholeUris?: boolean;
}

/**
 * A document as plain text, for `--once` and for pipes: the header's figures and the table's columns
 * without colour, ending in a line feed. Unknown is a dash.
 * @param rates From a second document; null without one.
 * @param width Columns to use; what does not fit folds as on the screen.
 */
export function textReport(
  document: DecodedDocument,
  rates: Rates | null,
  width: number,
  options: ReportOptions = {},
): string {
  const lines = reportLines(document, rates ?? NO_RATES, width, options);
  const damaged = document.damaged ? ['damaged: invalid bytes were replaced by "?"'] : [];
  return [...lines, ...damaged].map((line) => `${line.trimEnd()}\n`).join('');
}

function reportLines(
  document: DecodedDocument,
  rates: Rates,
  width: number,
  options: ReportOptions,
): string[] {
  switch (document.kind) {
    case 'emperor':
      return emperorLines(document.emperor);
    case 'router':
      return routerLines(document.router, options.wallMs ?? null);
    case 'instance':
      return instanceLines(document.instance, rates, width, options);
  }
}

function routerLines(router: DecodedRouter, wallMs: number | null): string[] {
  return blockLines(routerBlocks(router, wallMs === null ? null : wallMs / 1000));
}

function blockLines(blocks: readonly Block[]): string[] {
  return blocks.flatMap(({ title, labels, rows }, index) => [
    ...(index === 0 ? [] : ['']),
    title,
    ...rows.map(({ label, text }) => `  ${label.padEnd(labels)} ${text}`),
  ]);
}

function emperorLines(emperor: Extract<DecodedDocument, { kind: 'emperor' }>['emperor']): string[] {
  const { vassals, version } = emperor;
  const title = `Emperor, ${vassals.length} vassal${vassals.length === 1 ? '' : 's'}`;
  return [
    `${title}  uWSGI ${sanitizeShort(version ?? '-', 60)}  pid ${emperor.pid ?? '-'}`,
    '',
    '     PID  VASSAL',
    ...vassals.map(({ id, pid }) => `${String(pid).padStart(8)}  ${sanitizeShort(id)}`),
  ];
}

function instanceLines(
  instance: DecodedInstance,
  rates: Rates,
  width: number,
  options: ReportOptions,
): string[] {
  const { wallMs, ascii = false, sort } = options;
  const now = instance.time ?? (wallMs === undefined ? null : wallMs / 1000);
  const unsorted = buildRows({ instance, rates, history: NO_WORKER_HISTORY, now });
  const rows = sort === undefined ? unsorted : sorted(unsorted, sort);
  const style = { glyphs: glyphsFor(ascii), gap: 1, width };
  const columns = (options.columns ?? REPORTED).filter(({ id }) => id !== 'spark');
  const placed = placeColumns(columns, width - 2, style.gap);
  const table = [
    titleLine(placed, sort ?? null, style),
    ...rows.map((row) => [{ text: '  ' }, ...rowLine(row, placed, style)]),
  ].map((line) => line.map(({ text }) => text).join(''));
  const body = rows.length === 0 ? withoutRows(instance, now, { width, ascii }) : table;
  return [
    ...headLines(instance, rates, now, style.glyphs.unknown),
    '',
    ...body,
    ...(columns.some(({ id }) => id === 'oldest')
      ? []
      : oldestLines(rows, style.glyphs, options.wholeUris === true ? null : width)),
  ];
}

/** What there is instead of a table of workers. */
function withoutRows(
  instance: DecodedInstance,
  now: number | null,
  { width, ascii }: { readonly width: number; readonly ascii: boolean },
): string[] {
  if (!isRoutersAlone(instance)) {
    const instead = insteadOfWorkers(instance);
    return [`  this server has no workers${instead === null ? '' : `: ${instead}`}`];
  }
  const lines = blockLines(frontBlocks(instance, now, width));
  return ascii ? lines.map((line) => line.replaceAll(/[·–]/g, '-')) : lines;
}

/** The oldest requests get lines of their own, unless their column is asked for. */
const REPORTED = COLUMNS.filter(({ id }) => id !== 'oldest');

/** The oldest request of every worker that has one. */
function oldestLines(
  rows: readonly WorkerRow[],
  glyphs: Glyphs,
  width: number | null,
): readonly string[] {
  const lines = rows.flatMap(({ worker, requests }) => {
    const [oldest] = requests;
    if (oldest === undefined) return [];
    const since = oldest.age === null ? glyphs.unknown : age(oldest.age);
    const others = requests.length > 1 ? `  and ${requests.length - 1} more` : '';
    const text = `  ${String(worker.id).padStart(4)}  ${since.padStart(6)} ${oldest.method} ${oldest.uri}${others}`;
    return [width === null ? text : cut(text, width, glyphs.ellipsis)];
  });
  return lines.length === 0 ? [] : ['', '   WID  OLDEST REQUEST', ...lines];
}

function headLines(
  instance: DecodedInstance,
  rates: Rates,
  now: number | null,
  unknown: string,
): string[] {
  const totals = totalsOf(instance);
  const show = (value: number | null, format: (value: number) => string): string =>
    value === null ? unknown : format(value);
  const text = (value: string | undefined): string => sanitizeShort(value ?? '', 100);
  const uptime =
    instance.start_time === undefined || now === null ? null : now - instance.start_time;
  const who = [
    text(instance.name),
    `${text(instance.server ?? 'uWSGI')} ${text(instance.version)}`,
    instance.node === undefined ? '' : `node ${text(instance.node).replace(/^v/, '')}`,
    instance.hostname === undefined ? '' : `on ${text(instance.hostname)}`,
    `pid ${instance.pid ?? unknown}`,
    uptime === null ? '' : `up ${duration(uptime)}`,
    instance.generation === undefined ? '' : `generation ${instance.generation}`,
  ];
  const kinds = WORKER_KINDS.filter((kind) => totals.kinds.has(kind))
    .map((kind) => `${totals.kinds.get(kind) ?? 0} ${kind}`)
    .join(', ');
  return [
    who.filter(Boolean).join('  '),
    [
      `workers ${totals.workers}${kinds === '' ? '' : ` (${kinds})`}`,
      `listen ${show(totals.listen, String)}/${show(totals.listenMax, String)}`,
      `queue ${show(totals.queue, grouped)}`,
      `in flight ${show(totals.inFlight, grouped)}`,
      `harakiri ${show(totals.harakiri, grouped)}`,
      `exceptions ${show(totals.exceptions, grouped)}`,
    ].join('  '),
    [
      `requests ${show(totals.requests, grouped)}`,
      `${show(rates.rps, rate)} req/s`,
      `p50 ${show(rates.p50, millis)} p95 ${show(rates.p95, millis)} p99 ${show(rates.p99, millis)} ms`,
      `rss ${show(totals.rss, bytes)}`,
      `tx ${show(rates.tx, bytes)}/s`,
    ].join('  '),
  ];
}
