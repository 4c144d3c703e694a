import type { Reach } from '../../../shared/memory/reach.js';
import type { WorkerMemory } from '../../../shared/memory/report.js';
import { bytes, duration } from '../../../shared/units.js';
import { sanitizeShort } from '../../model/sanitize.js';
import { glyphsFor } from '../glyphs.js';
import { dateAndTime } from '../time-of-day.js';
import {
  bandText,
  type Figure,
  kilobytesAThousand,
  megabytesAnHour,
  signedNumber,
  type TitledReport,
  verdictText,
} from './figures.js';

interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly text: (worker: WorkerMemory) => string | null;
}

const COLUMNS: readonly Column[] = [
  { title: 'WID', align: 'right', text: ({ id }) => String(id) },
  { title: 'PID', align: 'right', text: ({ pid }) => String(pid) },
  { title: 'VERDICT', align: 'left', text: verdictText },
  { title: 'MB/h', align: 'right', text: ({ rss }) => valueText(megabytesAnHour(rss)) },
  { title: '95% BAND', align: 'right', text: ({ rss }) => boundsText(megabytesAnHour(rss)) },
  {
    title: 'KB/1k REQ',
    align: 'right',
    text: ({ perRequest }) => valueText(kilobytesAThousand(perRequest)),
  },
  { title: 'RSS', align: 'right', text: ({ now }) => sizeText(now?.rss) },
  { title: 'PSS', align: 'right', text: ({ now }) => sizeText(now?.pss) },
  { title: 'HEAP', align: 'right', text: ({ now }) => sizeText(now?.heap) },
  { title: 'EXT', align: 'right', text: ({ now }) => sizeText(now?.external) },
  { title: 'NATIVE', align: 'right', text: ({ native }) => sizeText(native) },
  { title: 'AGE', align: 'right', text: ({ age }) => (age === null ? null : duration(age)) },
  { title: 'SEEN', align: 'right', text: ({ seen }) => duration(seen) },
  { title: 'VS PEERS', align: 'right', text: ({ peers }) => differenceText(peers?.more) },
  { title: 'RETURNED', align: 'right', text: ({ returned }) => differenceText(returned?.bytes) },
  { title: 'REACHES', align: 'left', text: ({ reaches }) => reachText(reaches) },
];

/** The report for people: the pool, a table of the workers, and what is not known. */
export function memoryText(
  { report, address, time, missing }: TitledReport,
  { ascii }: { readonly ascii: boolean },
): string {
  const { unknown } = glyphsFor(ascii);
  const { pool, workers, windowS } = report;
  const growth = megabytesAnHour(pool.slope);
  const sum = [
    `POOL  ${pool.verdict}`,
    `rss ${sizeText(pool.rss) ?? unknown}`,
    growth === null ? '' : `${signedNumber(growth.value)} MB/h (${bandText(growth)})`,
    pool.reaches === null ? '' : `reaches ${reachText(pool.reaches) ?? ''}`,
    pool.returned === 0 ? '' : `recycling returned ${differenceText(pool.returned) ?? ''}`,
  ];
  const lines = [
    `memory of ${sanitizeShort(address, 200)}  ${dateAndTime(time)}  window ${duration(windowS)}`,
    sum.filter(Boolean).join('  '),
    '',
    ...(workers.length === 0 ? ['no workers'] : table(workers, unknown)),
    ...(missing.length === 0 ? [] : ['', ...missing.map((note) => `! ${note}`)]),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function table(workers: readonly WorkerMemory[], unknown: string): string[] {
  const rows = workers.map((worker) => COLUMNS.map(({ text }) => text(worker) ?? unknown));
  const all = [COLUMNS.map(({ title }) => title), ...rows];
  const widths = COLUMNS.map((_, index) => Math.max(...all.map((row) => row[index]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return COLUMNS[index]?.align === 'left' ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  '),
  );
}

function valueText(figure: Figure | null): string | null {
  return figure === null ? null : signedNumber(figure.value);
}

function boundsText(figure: Figure | null): string | null {
  return figure === null ? null : bandText(figure);
}

function sizeText(value: number | null | undefined): string | null {
  return value === null || value === undefined ? null : bytes(value);
}

function differenceText(value: number | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  return `${value < 0 ? '-' : '+'}${bytes(Math.abs(value))}`;
}

/** `17h03m (reload-on-rss)`. */
function reachText(reach: Reach | null): string | null {
  return reach === null ? null : `${duration(reach.inS)} (${reach.limit} ${bytes(reach.bytes)})`;
}
