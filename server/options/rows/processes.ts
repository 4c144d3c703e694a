import type { OptionRow } from '../../../shared/options.js';

/** The master and its workers. */
export const PROCESS_OPTIONS = [
  {
    name: 'master',
    aliases: ['M'],
    type: 'flag',
    topic: 'Processes',
    help: 'accepted for uWSGI configurations: there is always a master',
    differs:
      'It changes nothing: there is always a master; uWSGI has none unless another option asks for it.',
  },
  {
    name: 'processes',
    aliases: ['p', 'workers'],
    type: 'integer',
    value: 'N',
    default: 1,
    min: 1,
    max: 1024,
    topic: 'Processes',
    help: 'how many worker processes',
  },
  {
    name: 'async',
    type: 'integer',
    value: 'N',
    min: 1,
    max: 65_536,
    topic: 'Processes',
    fixed: true,
    help: 'requests that one worker runs at once; more wait in its queue (default: no limit)',
    differs:
      'Without it a worker runs as many requests as come, in uWSGI one; what is above it waits in the worker, in uWSGI in the kernel.',
  },
  {
    name: 'young-generation',
    type: 'integer',
    value: 'MB',
    unit: 'MB',
    default: 16,
    min: 0,
    max: 256,
    topic: 'Processes',
    help: "memory in which a worker's JavaScript objects begin their life: less of it is collected more often; 0 leaves it to Node",
  },
  {
    name: 'name',
    type: 'text',
    value: 'TEXT',
    topic: 'Processes',
    fixed: true,
    help: 'what this instance is called in the stats and on the dashboard',
  },
] as const satisfies readonly OptionRow[];
