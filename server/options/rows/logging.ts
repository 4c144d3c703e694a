import { LOG_LEVELS } from '../../../shared/commands.js';
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
  {
    name: 'log-level',
    type: 'text',
    value: 'LEVEL',
    default: 'info',
    topic: 'Logging',
    help: "how much of the master's own log is written: error, warn, info or debug (every event)",
    choices: LOG_LEVELS,
  },
] as const satisfies readonly OptionRow[];
