import type { MemoryCommand } from '../../shared/commands.js';
import { bytes } from '../../shared/units.js';
import { type MemoryCost, memoryCost } from '../model/memory-cost.js';
import type { WorkerRow } from '../model/rows.js';
import type { Question } from './batch-preview.js';
import type { Line, Span } from './frame.js';
import type { Glyphs } from './glyphs.js';
import { plural, span } from './text.js';

/** The words of the question before the memory of a worker is acted on. */
export function memoryQuestion(command: MemoryCommand): Question {
  const { worker } = command;
  switch (command.name) {
    case 'gc':
      return { title: `Collect the garbage of worker ${worker}`, act: 'Collect', short: 'Collect' };
    case 'heap-snapshot':
      return { title: `Heap snapshot of worker ${worker}`, act: 'Write it', short: 'Write' };
    case 'heap-profile':
      return {
        title: `Heap profile of worker ${worker}, ${command.seconds} s`,
        act: 'Profile it',
        short: 'Profile',
      };
    case 'compare-snapshots':
      return {
        title: `Compare two snapshots of worker ${worker}`,
        act: 'Compare',
        short: 'Compare',
      };
  }
}

/** What it costs the worker, those who wait for it, and the disk of the server. */
export function memoryPreview(
  row: WorkerRow,
  command: MemoryCommand,
  pool: { readonly serving: number; readonly all: number },
  glyphs: Glyphs,
): Line[] {
  const cost = memoryCost(row.worker, command);
  const heap = cost.heap === null ? glyphs.unknown : bytes(cost.heap);
  const first = span(`pid ${command.pid} ${glyphs.separator} heap ${heap}`);
  switch (command.name) {
    case 'heap-profile':
      return [
        [first],
        [span('the worker serves on meanwhile, a little slower')],
        [span('a small file in --snapshot-dir; the top functions are shown')],
      ];
    case 'compare-snapshots':
      return [
        [first],
        [span('the two newest snapshots of this process are read')],
        [span('by a process of its own: no worker is blocked')],
      ];
    case 'gc':
    case 'heap-snapshot':
      return [
        [first],
        [blockedSpan(cost)],
        [waitingSpan(row)],
        [span(`${pool.serving - 1} of ${pool.all} workers serve meanwhile`, othersStyle(pool))],
        ...(command.name === 'heap-snapshot' ? [[fileSpan(cost)]] : []),
      ];
  }
}

function othersStyle({ serving }: { readonly serving: number }): 'alarm' | 'normal' {
  return serving > 1 ? 'normal' : 'alarm';
}

function blockedSpan({ blockedS }: MemoryCost): Span {
  if (blockedS === null) return span('the worker is blocked, nobody knows for how long', 'alarm');
  if (blockedS < 1) return span('the worker is blocked for less than a second');
  return span(`the worker is blocked for about ${Math.round(blockedS)} s`, 'alarm');
}

function waitingSpan({ inFlight }: WorkerRow): Span {
  if (inFlight === null) return span('its requests in flight wait meanwhile');
  if (inFlight === 0) return span('nothing is in flight');
  return span(
    `${plural(inFlight, 'request')} in flight ${inFlight === 1 ? 'waits' : 'wait'} meanwhile`,
    'attention',
  );
}

function fileSpan({ heap, memory }: MemoryCost): Span {
  if (heap === null || memory === null) return span('a file as large as its heap, or larger');
  const size = `${bytes(heap)} to ${bytes(2 * heap)}`;
  return span(`a file of ${size} on the server, and ${bytes(memory)} of memory to make it`);
}
