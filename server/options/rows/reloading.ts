import type { OptionRow } from '../../../shared/options.js';

const TOPIC = 'Reloading';

/** How and when workers are replaced by newer ones. */
export const RELOADING_OPTIONS = [
  {
    name: 'worker-reload-mercy',
    type: 'number',
    value: 'S',
    unit: 's',
    default: 60,
    min: 0,
    max: 86_400,
    topic: TOPIC,
    help: 'how long a worker may finish its requests before it is killed',
    differs:
      'A stop by SIGTERM waits for requests as long, too; uWSGI ends them at once, and in a reload no worker accepts until all old ones are gone.',
  },
  {
    name: 'die-on-term',
    type: 'flag',
    topic: TOPIC,
    help: 'accepted for uWSGI configurations: SIGTERM always stops',
    differs: 'It changes nothing: SIGTERM always stops.',
  },
  {
    name: 'touch-reload',
    type: 'list',
    value: 'FILE',
    repeatable: true,
    topic: TOPIC,
    help: 'replace all workers when this file is touched, created or removed',
    differs:
      'New workers are ready before old ones go; uWSGI ends all of them and starts itself anew.',
  },
  {
    name: 'touch-chain-reload',
    type: 'list',
    value: 'FILE',
    repeatable: true,
    topic: TOPIC,
    help: 'the same, one worker after the other',
    differs:
      'Configuration and application are loaded anew; uWSGI does not read its configuration, and loads the application with lazy-apps only.',
  },
  {
    name: 'master-fifo',
    type: 'list',
    value: 'PATH',
    repeatable: true,
    topic: TOPIC,
    fixed: true,
    help: 'take commands of one letter from a FIFO made at this path (mode 0600)',
    differs: 'B, C, E, P, S and the digits mean nothing, and f upgrades the master.',
  },
  {
    name: 'auto-reload',
    type: 'flag',
    topic: TOPIC,
    fixed: true,
    help: 'for development: replace all workers when a file of the application changes',
  },
] as const satisfies readonly OptionRow[];
