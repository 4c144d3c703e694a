import { type Reading, readingTime } from '../model/reading.js';
import { buildRows, type WorkerRow } from '../model/rows.js';
import { NO_WORKER_HISTORY } from '../model/worker-history.js';
import { type Sort, SORT_KEYS, sorted } from '../model/sort-keys.js';
import { type Column, COLUMNS } from './columns.js';
import { isoTime } from './time-of-day.js';

/** What is drawn has no place in a table of numbers. */
export const NOT_IN_CSV: readonly Column['id'][] = ['spark'];

export interface CsvOptions {
  readonly sort?: Sort | undefined;
  readonly columns?: readonly Column[] | undefined;
}

/**
 * One row for each worker of a reading, the header once before the first. Numbers are exact and in
 * base units (bytes, milliseconds, microseconds, seconds), and what is not known is empty.
 */
export function csvReport({ sort, columns = COLUMNS }: CsvOptions): (reading: Reading) => string {
  const ids = columns.map(({ id }) => id).filter((id) => !NOT_IN_CSV.includes(id));
  let begun = false;
  return (reading) => {
    const header = begun ? [] : [['time', ...ids]];
    begun = true;
    const { document, rates } = reading;
    if (document.kind !== 'instance') return csvLines(header);
    const now = readingTime(reading);
    const rows = buildRows({ instance: document.instance, rates, history: NO_WORKER_HISTORY, now });
    const time = isoTime(now);
    const ordered = sort === undefined ? rows : sorted(rows, sort);
    return csvLines([
      ...header,
      ...ordered.map((row) => [time, ...ids.map((id) => cellOf(row, id))]),
    ]);
  };
}

function csvLines(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(csvField).join(',')}\n`).join('');
}

function cellOf(row: WorkerRow, id: Column['id']): string {
  if (id === 'status') return row.condition.word;
  if (id === 'oldest') {
    const [request] = row.requests;
    return request === undefined ? '' : `${request.method} ${request.uri}`;
  }
  if (id === 'pid' && row.worker.pid === 0) return '';
  const value = SORT_KEYS.find((key) => key.id === id)?.value(row) ?? null;
  return value === null ? '' : String(value);
}

/** What a spreadsheet takes for a formula when a field begins with it. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * A field as RFC 4180 has it. What a spreadsheet would run gets an apostrophe in front, which makes
 * text of it: anybody may ask for a URI.
 */
export function csvField(value: string): string {
  const harmless = FORMULA.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
