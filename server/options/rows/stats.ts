import type { OptionRow } from '../../../shared/options.js';

/** The stats server. */
export const STATS_OPTIONS = [
  {
    name: 'stats',
    aliases: ['stats-server'],
    type: 'list',
    value: 'ADDR',
    topic: 'Stats',
    help: 'serve stats on this address (:port is loopback only): uWSGI JSON, HTTP and /live for tsuwsgitop',
  },
  {
    name: 'stats-http',
    type: 'flag',
    topic: 'Stats',
    help: 'speak only when spoken to, as uWSGI does: a silent client gets nothing',
  },
  {
    name: 'stats-wait',
    type: 'integer',
    value: 'MS',
    unit: 'ms',
    default: 50,
    min: 0,
    max: 60_000,
    topic: 'Stats',
    help: 'how long a silent client is waited for before it gets the raw JSON',
  },
  {
    name: 'stats-read-only',
    type: 'flag',
    topic: 'Stats',
    help: 'accept no control command on the stats address',
  },
  {
    name: 'stats-allow-host',
    type: 'list',
    value: 'NAME',
    topic: 'Stats',
    help: 'a further host name under which the stats may be asked for over HTTP',
  },
] as const satisfies readonly OptionRow[];
