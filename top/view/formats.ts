import { recordingLine } from '../model/recording.js';
import { type Reading, readingTime } from '../model/reading.js';
import type { Sort } from '../model/sort-keys.js';
import type { Column } from './columns.js';
import { csvReport } from './csv.js';
import { plainReport } from './plain-report.js';
import { textReport } from './text-report.js';
import { dateAndTime } from './time-of-day.js';

/**
 * Writes readings, one after the other, without a screen. Gives what a reading adds to the output,
 * whole lines or nothing; a format may remember what it has written.
 */
export type Format = (reading: Reading) => string;

export const FORMATS = ['batch', 'ndjson', 'csv', 'plain'] as const;

export type FormatName = (typeof FORMATS)[number];

export interface FormatOptions {
  /** As the user wrote it. */
  readonly address: string;
  /** Columns of the terminal, or null where nobody folds lines. */
  readonly width: number | null;
  readonly ascii: boolean;
  readonly sort: Sort | undefined;
  readonly columns: readonly Column[] | undefined;
}

/** A report that goes to a file or a pipe is not folded to a terminal nobody looks at. */
const UNFOLDED = 160;

/** How wide a table of these columns may be. */
export function tableWidth(options: Pick<FormatOptions, 'width' | 'columns'>): number {
  const { width, columns = [] } = options;
  const all = columns.reduce((sum, column) => sum + column.width + 1, 2);
  return width ?? Math.max(UNFOLDED, all);
}

/** A fresh format of this name. */
export function createFormat(name: FormatName, options: FormatOptions): Format {
  switch (name) {
    case 'batch':
      return (reading) => batchTable(reading, options);
    case 'ndjson':
      return (reading) => recordingLine(reading) ?? '';
    case 'csv':
      return csvReport(options);
    case 'plain':
      return plainReport();
  }
}

/** A table under a line that tells the time, as of `top -b`. */
function batchTable(reading: Reading, options: FormatOptions): string {
  const { ascii, sort, columns, address } = options;
  const table = textReport(reading.document, reading.rates, tableWidth(options), {
    ...{ wallMs: reading.wallMs, ascii, sort, columns },
    wholeUris: options.width === null,
  });
  const first = reading.number === 1 ? '' : '\n';
  return `${first}tsuwsgitop ${dateAndTime(readingTime(reading))}  ${address}\n${table}`;
}
