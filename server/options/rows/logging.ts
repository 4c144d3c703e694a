import type { OptionRow } from '../../../shared/options.js';

/** The log. */
export const LOGGING_OPTIONS = [
  {
    name: 'disable-logging',
    aliases: ['L'],
    type: 'flag',
    topic: 'Logging',
    help: 'log no requests',
  },
  {
    name: 'memory-report',
    type: 'flag',
    topic: 'Logging',
    help: 'begin each request line with the memory of its worker',
  },
] as const satisfies readonly OptionRow[];
