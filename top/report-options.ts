import type { OptionRow } from '../shared/options.js';
import { problemOf } from '../shared/result.js';
import { readWindow } from './model/memory-window.js';
import { MEMORY_FORMATS } from './view/memory-report/formats.js';

/** The options of what is reported of memory once: a part of the table of all of them. */
export const REPORT_OPTIONS = [
  {
    name: 'memory-report',
    type: 'flag',
    topic: 'Output',
    help: 'print how the memory of each worker grows, and where: none, warm-up, suspect or leak; waits for what is missing of --window, and exits',
  },
  {
    name: 'window',
    type: 'text',
    value: 'TIME',
    topic: 'Output',
    help: 'how far back --memory-report looks, such as 90s, 10m or 1h (default: 10m)',
    check: (value) => problemOf(readWindow(value)),
  },
  {
    name: 'format',
    type: 'text',
    value: 'NAME',
    choices: MEMORY_FORMATS,
    topic: 'Output',
    help: `how --memory-report or --compare-snapshots is written: ${MEMORY_FORMATS.join(', ')} (default: text); html is one file with charts, of --memory-report only`,
  },
  {
    name: 'now',
    type: 'flag',
    topic: 'Output',
    help: '--memory-report waits for nothing and prints what is known',
  },
  {
    name: 'compare-snapshots',
    type: 'flag',
    topic: 'Output',
    help: 'print which classes grew from one .heapsnapshot file to another, BEFORE and AFTER, and exit; it needs no server',
  },
  {
    name: 'all',
    type: 'flag',
    topic: 'Output',
    help: '--compare-snapshots prints every class, not only the 30 that grew most',
  },
] as const satisfies readonly OptionRow[];
