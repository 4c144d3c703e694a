import { checkMemoryBudget } from '../memory-budget.js';
import type { OptionRow } from '../../../shared/options.js';

const TOPIC = 'Recycling';

/** When a worker is replaced although nothing is wrong with it. */
export const RECYCLING_OPTIONS = [
  {
    name: 'max-requests',
    aliases: ['R'],
    type: 'integer',
    value: 'N',
    min: 1,
    topic: TOPIC,
    help: 'replace a worker after this many requests',
    differs:
      'One worker at a time is replaced, and the new one is ready before the old one goes; uWSGI ends it first.',
  },
  {
    name: 'max-requests-delta',
    type: 'integer',
    value: 'N',
    default: 0,
    topic: TOPIC,
    help: 'added to --max-requests once for worker 2, twice for worker 3, and so on',
  },
  {
    name: 'max-worker-lifetime',
    type: 'number',
    value: 'S',
    unit: 's',
    topic: TOPIC,
    help: 'replace a worker after this time',
    differs:
      'It counts from when the worker is ready, and the new one is ready before the old one goes; uWSGI counts from its spawn and ends it first.',
  },
  {
    name: 'max-worker-lifetime-delta',
    type: 'number',
    value: 'S',
    unit: 's',
    default: 0,
    topic: TOPIC,
    help: 'added to --max-worker-lifetime once for worker 2, twice for worker 3, and so on',
  },
  {
    name: 'min-worker-lifetime',
    type: 'number',
    value: 'S',
    unit: 's',
    default: 10,
    topic: TOPIC,
    help: 'a younger worker is not replaced for its requests or its memory',
    differs: 'It counts from when the worker is ready, in uWSGI from when it was spawned.',
  },
  {
    name: 'reload-on-rss',
    type: 'integer',
    value: 'MB',
    unit: 'MB',
    min: 1,
    topic: TOPIC,
    help: 'replace a worker with more resident memory than this',
    differs:
      'Memory is looked at every second, and the new worker is ready before the old one goes; uWSGI looks at the end of a request and ends it first.',
  },
  {
    name: 'reload-on-uss',
    type: 'integer',
    value: 'MB',
    unit: 'MB',
    min: 1,
    topic: TOPIC,
    help: 'the same for the memory that it shares with nobody; measuring it takes the kernel some time',
  },
  {
    name: 'reload-on-pss',
    type: 'integer',
    value: 'MB',
    unit: 'MB',
    min: 1,
    topic: TOPIC,
    help: 'the same for its own memory and its share of what it shares; measured as --reload-on-uss',
  },
  {
    name: 'reload-on-heap',
    type: 'integer',
    value: 'MB',
    unit: 'MB',
    min: 1,
    topic: TOPIC,
    help: 'the same for the JavaScript heap in use, garbage included',
  },
  {
    name: 'evil-reload-on-rss',
    type: 'integer',
    value: 'MB',
    unit: 'MB',
    min: 1,
    topic: TOPIC,
    help: 'kill a worker with more resident memory than this at once: its requests are cut off',
    differs: 'Memory is looked at every second, in uWSGI every 3 s (--mem-collector-freq).',
  },
  {
    name: 'memory-budget',
    type: 'text',
    value: 'MB|N%',
    topic: TOPIC,
    help: 'what all workers may take together, shared pages counted once: above it the one that takes most and has grown is replaced, one at a time; a share is one of the container’s limit, or of the machine’s memory',
    check: checkMemoryBudget,
  },
] as const satisfies readonly OptionRow[];
