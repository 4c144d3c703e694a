import type { Block } from './block.js';
import { loopBlock, memoryBlock, processBlock, workBlock } from './detail-figures.js';
import { appsBlock, coresBlock, endsBlock, requestsBlock, stackBlock } from './detail-lists.js';
import type { HappenedEvent } from './events.js';
import type { WorkerDetail } from './list-states.js';
import type { WorkerRow } from './rows.js';

/** What the blocks are made from. */
export interface DetailSource {
  readonly row: WorkerRow;
  readonly detail: Pick<WorkerDetail, 'opened' | 'stack'>;
  readonly events: readonly HappenedEvent[];
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Seconds since 1970 by the server's clock; null when unknown. */
  readonly time: number | null;
}

/** From these widths on the blocks stand in two and in three columns. */
const TWO = 76;
const THREE = 150;

/** All that is known of a worker, in as many columns as the width has room for. */
export function detailColumns(source: DetailSource, width: number): readonly (readonly Block[])[] {
  const { row, detail, events, now, time } = source;
  const process = processBlock(row, detail.opened, time);
  const work = workBlock(row);
  const inside = [memoryBlock(row), loopBlock(row)].filter(({ rows }) => rows.length > 0);
  const doing = [...stackBlock(detail.stack, now), requestsBlock(row)];
  const ends = endsBlock(row, events, time);
  const parts = [...coresBlock(row), ...appsBlock(row)];
  if (width >= THREE)
    return [
      [process, work],
      [...inside, ...parts],
      [...doing, ends],
    ];
  if (width >= TWO)
    return [
      [...inside, work, process],
      [...doing, ends, ...parts],
    ];
  return [[...doing, ...inside, work, process, ends, ...parts]];
}
