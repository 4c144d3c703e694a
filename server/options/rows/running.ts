import type { OptionRow } from '../../../shared/options.js';

const TOPIC = 'Orders';
const TARGET = 'PIDFILE|ADDRESS';

/** Orders to an instance that runs, named by its pid file or the address of its stats server. */
export const RUNNING_OPTIONS = [
  {
    name: 'status',
    type: 'text',
    value: TARGET,
    topic: TOPIC,
    help: 'tell how it is, a line a figure: exit code 0 when it serves, 1 when it runs and does not, 3 when it does not run',
  },
  {
    name: 'stop',
    type: 'text',
    value: TARGET,
    topic: TOPIC,
    help: 'stop it after the requests in flight, and wait until it is gone',
    differs:
      'Requests in flight are let end, the command waits for that, and ADDRESS will do; uWSGI sends SIGINT to a PIDFILE and does not wait.',
  },
  {
    name: 'reload',
    type: 'text',
    value: TARGET,
    topic: TOPIC,
    help: 'replace all its workers, new ones first, and wait until they are',
    differs:
      'The command waits for the outcome, and ADDRESS will do; uWSGI sends SIGHUP to a PIDFILE and does not wait.',
  },
  {
    name: 'chain-reload',
    type: 'text',
    value: TARGET,
    topic: TOPIC,
    help: 'the same, one worker after the other; it needs the stats server',
  },
  {
    name: 'upgrade',
    type: 'text',
    value: TARGET,
    topic: TOPIC,
    help: 'replace its master too, on the same sockets, and wait until the new one has taken over',
  },
  {
    name: 'timeout',
    type: 'number',
    value: 'S',
    unit: 's',
    default: 90,
    min: 0.1,
    max: 86_400,
    topic: TOPIC,
    help: 'how long to wait; what was ordered goes on after that',
  },
] as const satisfies readonly OptionRow[];
