import type { Program } from '../../shared/command-line.js';
import type { OptionRow } from '../../shared/options.js';
import { VERSION } from '../../shared/version.js';
import { OPTIONS } from '../options/table.js';

/** The port that is tried first. */
export const FIRST_PORT = 8000;

/** What only `tsuwsgi dev` has. */
export const OWN_OPTIONS = [
  {
    name: 'port',
    type: 'integer',
    value: 'PORT',
    default: FIRST_PORT,
    min: 1,
    max: 65_535,
    topic: 'Development',
    help: 'serve on this port of 127.0.0.1, or on the next one that is free',
  },
] as const satisfies readonly OptionRow[];

/** What of tsuwsgi is of use here most; all others are taken too. */
const OF_USE: readonly string[] = ['inspect', 'import', 'env', 'stats', 'static-map', 'harakiri'];

/** The options that help and manual tell of. */
export const DEV_OPTIONS: readonly OptionRow[] = [
  ...OWN_OPTIONS,
  ...OPTIONS.filter(({ name }) => OF_USE.includes(name)),
];

/** What its help and the manual have in common. */
export const DEV_PROGRAM: Program = {
  name: 'tsuwsgi dev',
  version: VERSION,
  description:
    'Serves an application while it is written: one worker, replaced when a file changes.',
  usage: 'FILE[:EXPORT] [options]',
  table: DEV_OPTIONS,
  epilogue: `Every other option of tsuwsgi may be given too, and the last one given holds.
An error is shown with the line of the application that it came from; where that was
compiled, by its source map with the line that was written.
Colours are for a terminal, and NO_COLOR leaves them out. ^C ends it.

  tsuwsgi dev app.js
  tsuwsgi dev app.ts --import tsx --inspect`,
};
