import { SHELLS } from '../../../shared/completions.js';
import type { OptionRow } from '../../../shared/options.js';

/** Where options come from. */
export const CONFIGURATION_OPTIONS = [
  {
    name: 'ini',
    type: 'list',
    value: 'FILE',
    topic: 'Configuration',
    help: 'read options from the [uwsgi] or [tsuwsgi] section of a file, or from the section that FILE:SECTION names; - is standard input: docs/configuration.md',
    differs: 'A key that is no option and that nothing refers to is an error.',
  },
  {
    name: 'yaml',
    aliases: ['y', 'yml'],
    type: 'list',
    value: 'FILE',
    topic: 'Configuration',
    help: 'the same from a YAML file, whose sections are its top-level keys',
    differs:
      'What is nested is an error; flow mappings, aliases and unquoted %d and @(FILE) are read.',
  },
  {
    name: 'json',
    aliases: ['j', 'js'],
    type: 'list',
    value: 'FILE',
    topic: 'Configuration',
    help: 'the same from a JSON file',
    differs: 'What is nested is an error, and so is null.',
  },
  {
    name: 'toml',
    type: 'list',
    value: 'FILE',
    topic: 'Configuration',
    help: 'the same from a TOML file',
  },
  {
    name: 'inherit',
    type: 'list',
    value: 'FILE',
    topic: 'Configuration',
    help: 'read a file behind all others, whatever its format: what it says holds against them',
    differs: 'References in its values are expanded; environment and command line come after it.',
  },
  {
    name: 'set',
    aliases: ['S'],
    type: 'list',
    value: 'NAME=VALUE',
    topic: 'Configuration',
    help: 'the option of this name, or where there is none what files mean by %(NAME)',
    differs: 'A name that is no option is a placeholder, to which only files refer.',
  },
  {
    name: 'check-config',
    type: 'flag',
    topic: 'Configuration',
    help: 'read all options and the files that they name, tell every problem and exit: 0 if there is none, else 1; nothing is bound',
  },
  {
    name: 'show-config',
    type: 'flag',
    topic: 'Configuration',
    help: 'print what holds, and where each value was written, as an ini file that can be read again, and exit; secrets are hidden',
    differs:
      'It exits, and prints values where they came to hold instead of all keys that were read.',
  },
  {
    name: 'dump-options',
    type: 'flag',
    topic: 'Configuration',
    help: 'print all options and exit: a line for each, with tabs between name, other names, type, value, unit, default, least, most, topic, since and help',
    differs: 'uWSGI prints the names only, which are the first column here.',
  },
  {
    name: 'print',
    type: 'list',
    value: 'TEXT',
    topic: 'Configuration',
    help: 'print this text to standard output when all options are read; in a file with its references expanded',
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
