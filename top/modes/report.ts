import type { Result } from '../../shared/result.js';
import type { Ending } from '../terminal/ending.js';
import { exitCode } from '../exit-codes.js';
import { escapeJson } from '../model/sanitize.js';
import { readSort } from '../model/sort-choice.js';
import type { TopOptions } from '../options.js';
import { readColumns, specsOf } from '../model/column-choice.js';
import { type Column, filled } from '../view/columns.js';
import { type FormatOptions, tableWidth } from '../view/formats.js';
import { textReport } from '../view/text-report.js';
import type { Job } from './job.js';
import { type Look, lookAt, lookBack } from './once.js';
import { recorded } from './source.js';

/** How reports are laid out. */
export function layoutOf(
  options: TopOptions,
  output: { readonly width: number | null; readonly ascii: boolean },
): FormatOptions {
  const { address, sort, columns } = options;
  return {
    ...output,
    address,
    sort: sort === undefined ? undefined : valueOf(readSort(sort)),
    columns: columns === undefined ? undefined : columnsOf(columns),
  };
}

/** The columns of a `--columns`. */
function columnsOf(text: string): readonly Column[] | undefined {
  const ids = valueOf(readColumns(text));
  return ids === undefined ? undefined : filled(specsOf(ids));
}

/** What the command line has been checked for already. */
function valueOf<T>(read: Result<T, string>): T | undefined {
  return read.ok ? read.value : undefined;
}

/** `--once` and `--json`: one document, as text or as it was served. */
export async function report(
  { options, target, recorder }: Job,
  layout: FormatOptions,
  print: (text: string) => Promise<Ending>,
): Promise<Ending> {
  const look =
    target === null
      ? await lookBack(options.address)
      : await lookAt(target, recorder, options['key-file']);
  const ending = look.ok
    ? await print(options.json ? asJson(look.value) : asText(look.value, layout))
    : look.error;
  return recorded(recorder, ending);
}

/** How a program ends that wrote all it had to. */
export const DONE: Ending = { code: exitCode('done') };

function asJson({ raw }: Look): string {
  const text = escapeJson(raw);
  return text.endsWith('\n') ? text : `${text}\n`;
}

function asText({ document, rates, wallMs }: Look, layout: FormatOptions): string {
  const { ascii, sort, columns, width } = layout;
  return textReport(document, rates, tableWidth(layout), {
    ...{ wallMs, ascii, sort, columns },
    wholeUris: width === null,
  });
}
