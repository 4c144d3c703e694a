import type { OptionRow } from '../../../shared/options.js';

/** Where options come from. */
export const CONFIGURATION_OPTIONS = [
  {
    name: 'ini',
    type: 'list',
    value: 'FILE',
    topic: 'Configuration',
    help: 'read options from the [uwsgi] or [tsuwsgi] section of a file',
  },
] as const satisfies readonly OptionRow[];
