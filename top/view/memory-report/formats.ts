import { memoryCsv } from './csv.js';
import type { TitledReport } from './figures.js';
import { memoryHtml } from './html.js';
import { memoryJson } from './json.js';
import { memoryText } from './text.js';

/** How `--memory-report` may be written. */
export const MEMORY_FORMATS = ['text', 'json', 'csv', 'html'] as const;

export type MemoryFormat = (typeof MEMORY_FORMATS)[number];

/** Writes a report. */
export function memoryReportText(
  format: MemoryFormat,
  titled: TitledReport,
  options: { readonly ascii: boolean },
): string {
  switch (format) {
    case 'text':
      return memoryText(titled, options);
    case 'json':
      return memoryJson(titled);
    case 'csv':
      return memoryCsv(titled);
    case 'html':
      return memoryHtml(titled);
  }
}
