import type { OptionRow } from '../../shared/options.js';
import { FIRST_VERSION } from '../../shared/version.js';

/** A line for each option, with tabs between its columns, none of which holds a tab. */
export function dumpOptions(table: readonly OptionRow[]): string {
  return table.map((row) => `${columnsOf(row).join('\t')}\n`).join('');
}

function columnsOf(row: OptionRow): string[] {
  const told = (value: string | number | undefined): string => String(value ?? '');
  return [
    row.name,
    (row.aliases ?? []).join(','),
    row.type,
    told(row.value),
    told(row.unit),
    told(row.default),
    told(row.min),
    told(row.max),
    row.topic,
    row.since ?? FIRST_VERSION,
    row.help,
  ];
}
