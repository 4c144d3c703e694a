import { LOG_LEVELS } from '../../../shared/commands.js';
import type { OptionRow } from '../../../shared/options.js';
import { checkFormat } from '../../request-log/format.js';

/** The log. */
export const LOGGING_OPTIONS = [
  {
    name: 'disable-logging',
    aliases: ['L'],
    type: 'flag',
    topic: 'Logging',
    help: 'log no requests, but for those that another option asks for',
  },
  {
    name: 'log-format',
    aliases: ['logformat'],
    type: 'text',
    value: 'TEXT',
    topic: 'Logging',
    help: 'the line of a request, with variables such as %(uri) and %(status): docs/log.md',
    check: checkFormat,
  },
  {
    name: 'log-json',
    type: 'flag',
    topic: 'Logging',
    help: 'log each request as one JSON object: docs/log.md',
  },
  {
    name: 'log-micros',
    type: 'flag',
    topic: 'Logging',
    help: 'give microseconds in the default line of a request',
  },
  {
    name: 'log-slow',
    type: 'integer',
    value: 'MS',
    unit: 'ms',
    min: 0,
    max: 86_400_000,
    topic: 'Logging',
    help: 'with --disable-logging: still log requests that took so long',
  },
  {
    name: 'log-4xx',
    type: 'flag',
    topic: 'Logging',
    help: 'with --disable-logging: still log requests with a status of 400 to 499',
  },
  {
    name: 'log-5xx',
    type: 'flag',
    topic: 'Logging',
    help: 'with --disable-logging: still log requests with a status of 500 and more',
  },
  {
    name: 'log-zero',
    type: 'flag',
    topic: 'Logging',
    help: 'with --disable-logging: still log requests whose answer had no body',
  },
  {
    name: 'log-big',
    type: 'integer',
    value: 'BYTES',
    unit: 'bytes',
    min: 0,
    max: 1_000_000_000_000,
    topic: 'Logging',
    help: 'with --disable-logging: still log requests whose answer had a larger body',
  },
  {
    name: 'log-ioerror',
    type: 'flag',
    topic: 'Logging',
    help: 'with --disable-logging: still log requests whose client left before the end of the answer',
  },
  {
    name: 'log-x-forwarded-for',
    type: 'flag',
    topic: 'Logging',
    help: 'log the client that X-Forwarded-For names, where each peer in between is one of --trust-proxy',
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
