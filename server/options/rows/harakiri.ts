import type { OptionRow } from '../../../shared/options.js';
import { checkHarakiriRoute, checkWorkerStall } from '../harakiri-routes.js';

/** When a request or a worker has taken too long. */
export const HARAKIRI_OPTIONS = [
  {
    name: 'harakiri',
    aliases: ['t'],
    type: 'number',
    value: 'S',
    unit: 's',
    default: 0,
    min: 0,
    max: 1_000_000,
    topic: 'Harakiri',
    help: 'how long a request may take: then its client gets 504 and the worker is replaced, or killed when its event loop is blocked; 0 for no limit',
    differs:
      'While the loop of the worker turns, the request that is too old is answered 504 and the others end as they would; the worker is then replaced. uWSGI kills it at once.',
  },
  {
    name: 'harakiri-route',
    type: 'list',
    value: 'REGEXP=S',
    repeatable: true,
    topic: 'Harakiri',
    help: "another limit for requests whose path matches, such as '^/export=120'; the first match counts",
    check: checkHarakiriRoute,
  },
  {
    name: 'harakiri-verbose',
    type: 'flag',
    topic: 'Harakiri',
    help: 'log the whole JavaScript stack of what blocked, not its innermost function alone',
    differs:
      'It logs the stack of JavaScript; uWSGI logs the system call and what the kernel waits for.',
  },
  {
    name: 'harakiri-graceful-timeout',
    type: 'number',
    value: 'S',
    unit: 's',
    default: 0,
    min: 0,
    max: 1_000_000,
    topic: 'Harakiri',
    help: 'how long a blocked worker may take to come back, and its other requests to end, before it is killed; 0 kills a blocked one at once',
    differs:
      'The worker gets no signal: it is left to come back by itself; uWSGI sends SIGTERM first.',
  },
  {
    name: 'harakiri-queue-threshold',
    type: 'integer',
    value: 'N',
    default: 0,
    min: 0,
    max: 1_000_000,
    topic: 'Harakiri',
    help: 'leave a request alone that takes too long while fewer than N connections wait to be accepted',
  },
  {
    name: 'worker-stall',
    type: 'number',
    value: 'S',
    unit: 's',
    default: 30,
    min: 0,
    max: 1_000_000,
    topic: 'Harakiri',
    help: 'kill a worker that gives no sign of life for so long (SIGSTOP, a dead monitor thread; a blocked event loop is none); 0 never does',
    check: checkWorkerStall,
  },
] as const satisfies readonly OptionRow[];
