import { SHELLS } from '../../../shared/completions.js';
import type { OptionRow } from '../../../shared/options.js';

/** Where options come from. */
export const CONFIGURATION_OPTIONS = [
  {
    name: 'ini',
    type: 'list',
    value: 'FILE',
    topic: 'Configuration',
    help: 'read options from the [uwsgi] or [tsuwsgi] section of a file, or from the section that FILE:SECTION names: docs/configuration.md',
  },
  {
    name: 'completions',
    type: 'text',
    value: 'SHELL',
    choices: SHELLS,
    topic: 'Configuration',
    help: 'print what makes bash, zsh or fish complete these options, and exit',
  },
] as const satisfies readonly OptionRow[];
