import type { WorkerMemory } from '../../../shared/memory/report.js';
import { csvField } from '../csv.js';
import { kilobytesAThousand, megabytesAnHour, type TitledReport } from './figures.js';

type Cell = string | number | null | undefined;

/** A column: its name, with the unit where it is not bytes, and its value. */
const COLUMNS: readonly (readonly [string, (worker: WorkerMemory) => Cell])[] = [
  ['wid', ({ id }) => id],
  ['pid', ({ pid }) => pid],
  ['verdict', ({ verdict }) => verdict],
  ['where', ({ where }) => where],
  ['slope_mb_h', ({ rss }) => megabytesAnHour(rss)?.value],
  ['slope_mb_h_low', ({ rss }) => megabytesAnHour(rss)?.low],
  ['slope_mb_h_high', ({ rss }) => megabytesAnHour(rss)?.high],
  ['kb_per_1000_requests', ({ perRequest }) => kilobytesAThousand(perRequest)?.value],
  ['kb_per_1000_requests_low', ({ perRequest }) => kilobytesAThousand(perRequest)?.low],
  ['kb_per_1000_requests_high', ({ perRequest }) => kilobytesAThousand(perRequest)?.high],
  ['reaches', ({ reaches }) => reaches?.limit],
  ['reaches_s', ({ reaches }) => rounded(reaches?.inS)],
  ['rss', ({ now }) => now?.rss],
  ['pss', ({ now }) => now?.pss],
  ['heap', ({ now }) => now?.heap],
  ['external', ({ now }) => now?.external],
  ['native', ({ native }) => native],
  ['age_s', ({ age }) => rounded(age)],
  ['seen_s', ({ seen }) => rounded(seen)],
  ['peers', ({ peers }) => peers?.workers],
  ['more_than_peers', ({ peers }) => rounded(peers?.more)],
  ['returned', ({ returned }) => returned?.bytes],
];

/** A row for each worker, under a header; what is not known is empty. */
export function memoryCsv({ report: { workers } }: TitledReport): string {
  const rows = workers.map((worker) => COLUMNS.map(([, read]) => String(read(worker) ?? '')));
  return [COLUMNS.map(([name]) => name), ...rows]
    .map((cells) => `${cells.map(csvField).join(',')}\n`)
    .join('');
}

function rounded(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Math.round(value);
}
