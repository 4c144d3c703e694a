import type { OptionRow } from '../../../shared/options.js';
import { checkPushTarget, LONGEST_PUSH_S, SHORTEST_PUSH_S } from '../stats-push.js';

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
  {
    name: 'stats-push',
    type: 'list',
    value: 'TARGET',
    topic: 'Stats',
    help: 'send the stats: statsd:HOST:PORT[,PREFIX] by UDP, or file:path=PATH[,separator=TEXT][,freq=S] to append them to a file',
    check: checkPushTarget,
  },
  {
    name: 'stats-push-interval',
    aliases: ['stats-pusher-default-freq'],
    type: 'number',
    value: 'S',
    unit: 's',
    default: 3,
    min: SHORTEST_PUSH_S,
    max: LONGEST_PUSH_S,
    topic: 'Stats',
    help: 'how often --stats-push sends',
  },
] as const satisfies readonly OptionRow[];
