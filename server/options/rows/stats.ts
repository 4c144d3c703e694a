import type { OptionRow } from '../../../shared/options.js';
import { checkPushTarget, LONGEST_PUSH_S, SHORTEST_PUSH_S } from '../stats-push.js';
import { parseTlsOption } from '../stats-tls.js';

/** The stats server. */
export const STATS_OPTIONS = [
  {
    name: 'stats',
    aliases: ['stats-server'],
    type: 'list',
    value: 'ADDR',
    topic: 'Stats',
    help: 'serve stats on this address (:port is loopback only): uWSGI JSON, HTTP and /live for tsuwsgitop',
    differs:
      'A port without a host is that of the loopback addresses only; HTTP and WebSockets are spoken on it, too.',
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
    name: 'stats-minified',
    aliases: ['stats-min'],
    type: 'flag',
    topic: 'Stats',
    help: 'serve the JSON without tabs and line breaks',
  },
  {
    name: 'stats-no-cores',
    type: 'flag',
    topic: 'Stats',
    help: "leave each worker's cores, and so the requests in flight, out of the stats",
  },
  {
    name: 'stats-no-metrics',
    type: 'flag',
    topic: 'Stats',
    help: "uWSGI's option: there is no metrics object in the stats that it could leave out",
  },
  {
    name: 'stats-no-vars',
    type: 'flag',
    topic: 'Stats',
    help: 'show no URI and no other variable of a request in the stats',
  },
  {
    name: 'stats-redact',
    type: 'list',
    value: 'NAME',
    topic: 'Stats',
    help: 'a query parameter whose value is hidden in the stats, as are those named token, password, key and the like',
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
  {
    name: 'stats-secret',
    type: 'text',
    value: 'FILE',
    topic: 'Stats',
    help: 'reading the stats takes the key in this file, too; made with mode 0600 when it is missing',
  },
  {
    name: 'stats-tls',
    type: 'list',
    value: 'ADDR,CERT,KEY[,CA]',
    topic: 'Stats',
    help: 'serve stats and control over TLS on this address; a client certificate signed by CA may operate',
    check: (value) => {
      const option = parseTlsOption(value);
      return option.ok ? null : option.error.replace(/^--stats-tls:? /, '');
    },
  },
  {
    name: 'snapshot-dir',
    type: 'text',
    value: 'DIR',
    topic: 'Stats',
    help: 'where cpu-profile, heap-snapshot and heap-profile write; made with mode 0700 when missing',
  },
  {
    name: 'snapshot-dir-size',
    type: 'integer',
    value: 'MIB',
    topic: 'Stats',
    default: 4096,
    min: 1,
    max: 1_048_576,
    help: 'what the files there may take together: the oldest are deleted, a larger one is not written',
  },
] as const satisfies readonly OptionRow[];
