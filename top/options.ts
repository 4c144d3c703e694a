import { type Program, readCommandLine } from '../shared/command-line.js';
import { completions, shellOf, SHELLS } from '../shared/completions.js';
import { readOptions, type OptionRow, type OptionValues, type Setting } from '../shared/options.js';
import { problemOf, type Result } from '../shared/result.js';
import { VERSION } from '../shared/version.js';
import { combinationProblems } from './combinations.js';
import { THEME_NAMES } from './model/appearance.js';
import { SCREENS } from './model/screens.js';
import { readSort } from './model/sort-choice.js';
import { COLUMN_NAMES, readColumns } from './model/column-choice.js';
import { type Operands, readOperands } from './operands.js';
import { REPORT_OPTIONS } from './report-options.js';

/** The options of tsuwsgitop; its operands are the address and, for --traceback, a worker. */
export const TOP_OPTIONS = [
  {
    name: 'frequency',
    aliases: ['d'],
    type: 'number',
    value: 'S',
    unit: 's',
    default: 1,
    min: 0.1,
    max: 60,
    topic: 'Watching',
    help: 'how often the stats are read, from 0.1 to 60; + and - change it later',
  },
  {
    name: 'targets',
    type: 'text',
    value: 'FILE',
    topic: 'Watching',
    help: 'watch the servers that this file names: a list in YAML, or an address on a line; # begins a comment',
  },
  {
    name: 'key-file',
    type: 'text',
    value: 'PATH',
    topic: 'Control',
    help: "the server's key, for reload and kill through a tunnel (on one machine it is found by itself), or the key of its --stats-secret",
  },
  {
    name: 'fifo',
    type: 'text',
    value: 'PATH',
    topic: 'Control',
    help: 'the master FIFO of a real uWSGI (its option master-fifo): reloads and the number of workers go through it',
  },
  {
    name: 'ca',
    type: 'text',
    value: 'FILE',
    topic: 'Control',
    help: 'for wss:// and https://: who signed the certificate of the server, instead of the system',
  },
  {
    name: 'cert',
    type: 'text',
    value: 'FILE',
    topic: 'Control',
    help: 'for wss:// and https://: the certificate that says who operates; needs --key',
  },
  {
    name: 'key',
    type: 'text',
    value: 'FILE',
    topic: 'Control',
    help: 'for wss:// and https://: the private key of --cert',
  },
  {
    name: 'once',
    type: 'flag',
    topic: 'Output',
    help: 'print one report as text and exit, as without a terminal',
  },
  {
    name: 'json',
    type: 'flag',
    topic: 'Output',
    help: 'print the stats document as JSON and exit',
  },
  {
    name: 'batch',
    aliases: ['b'],
    type: 'flag',
    topic: 'Output',
    help: 'print a table every --frequency seconds, on and on, as top -b does',
  },
  {
    name: 'csv',
    type: 'flag',
    topic: 'Output',
    help: 'the same as CSV: a row for each worker; exact numbers in bytes, seconds, milliseconds (loop) and microseconds (avg, p99, runtime)',
  },
  {
    name: 'ndjson',
    type: 'flag',
    topic: 'Output',
    help: 'the same as JSON: the stats document, one on a line, with when it came',
  },
  {
    name: 'plain',
    type: 'flag',
    topic: 'Output',
    help: 'the same as sentences, for screen readers and logs: only what changed, a line each',
  },
  {
    name: 'count',
    aliases: ['n'],
    type: 'integer',
    value: 'N',
    min: 1,
    topic: 'Output',
    help: 'end --batch, --csv, --ndjson or --plain after so many readings (default: when interrupted)',
  },
  {
    name: 'columns',
    type: 'text',
    value: 'NAMES',
    topic: 'Table',
    help: `which columns and in what order, with commas between them: ${COLUMN_NAMES.join(', ')}`,
    check: (value) => problemOf(readColumns(value)),
  },
  {
    name: 'sort',
    type: 'text',
    value: 'NAME',
    topic: 'Table',
    help: 'sort by this column, the interesting end first; the other end with - before it: --sort -rss',
    check: (value) => problemOf(readSort(value)),
  },
  {
    name: 'record',
    type: 'text',
    value: 'FILE',
    topic: 'Recording',
    help: 'append every document that is read to this file, one on a line; it is made with mode 0600',
  },
  {
    name: 'replay',
    type: 'text',
    value: 'FILE',
    topic: 'Recording',
    help: 'show what --record or --ndjson wrote, instead of a server',
  },
  {
    name: 'speed',
    type: 'number',
    value: 'N',
    default: 1,
    max: 1000,
    topic: 'Recording',
    help: 'how many times as fast --replay goes; 0 waits for nothing',
  },
  ...REPORT_OPTIONS,
  {
    name: 'traceback',
    type: 'flag',
    topic: 'Output',
    help: 'print what every worker is doing, or the one whose number follows the address, and exit',
  },
  {
    name: 'ascii',
    type: 'flag',
    topic: 'Output',
    help: 'draw with ASCII characters only, as without a UTF-8 locale',
  },
  {
    name: 'mono',
    type: 'flag',
    topic: 'Output',
    help: 'no colours, as with NO_COLOR in the environment',
  },
  {
    name: 'theme',
    type: 'text',
    value: 'NAME',
    choices: THEME_NAMES,
    topic: 'Output',
    help: `colours of the full screen: ${THEME_NAMES.join(', ')}; NO_COLOR wins`,
  },
  {
    name: 'view',
    type: 'text',
    value: 'NAME',
    choices: SCREENS.map(({ screen }) => screen),
    topic: 'Output',
    help: `which view the full screen begins with: ${SCREENS.map(({ screen }) => screen).join(', ')}`,
  },
  {
    name: 'no-mouse',
    type: 'flag',
    topic: 'Output',
    help: "leave the mouse to the terminal; without it Shift reaches the terminal's own selection",
  },
  {
    name: 'config',
    type: 'text',
    value: 'FILE',
    topic: 'Program',
    help: 'the settings of the full screen, instead of $XDG_CONFIG_HOME/tsuwsgitop/config.yaml; options win over it',
  },
  {
    name: 'no-config',
    type: 'flag',
    topic: 'Program',
    help: 'read no settings',
  },
  {
    name: 'completions',
    type: 'text',
    value: 'SHELL',
    choices: SHELLS,
    topic: 'Program',
    help: 'print what makes bash, zsh or fish complete these options, and exit',
  },
] as const satisfies readonly OptionRow[];

type Values = OptionValues<typeof TOP_OPTIONS>;

export interface TopOptions extends Values, Operands {}

/** What a command line of tsuwsgitop asks for. */
export type TopCommand =
  | { readonly kind: 'run'; readonly options: TopOptions }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'error'; readonly message: string };

const EPILOGUE = `ADDRESS is where the stats server listens:
  localhost:9191   :9191   [::1]:9191      TCP
  /run/app.sock    @name                   a Unix socket, an abstract one
  http://host:9191   ws://host:9191        as given, no guessing
  https://host:9443  wss://host:9443       the same over TLS

Several addresses, or --targets FILE, show a line for each server; Enter opens one.
Inside, ? shows the keys.
`;

/** What the command line, the manual and the completions have in common. */
export const TOP_PROGRAM: Program = {
  name: 'tsuwsgitop',
  version: VERSION,
  description: 'Watches tsuwsgi or uWSGI live, through its stats server.',
  usage: '[options] ADDRESS... | ADDRESS --traceback [WORKER] | --compare-snapshots BEFORE AFTER',
  table: TOP_OPTIONS,
  epilogue: EPILOGUE,
};

/**
 * Reads the command line; every error is a sentence that says what to type instead.
 * @param checkAddress Whether an address can be used, and why not in one sentence.
 * @param defaults Settings of a file, which the command line wins over.
 */
export function readTopCommand(
  argv: readonly string[],
  checkAddress: (address: string) => Result<unknown, string>,
  defaults: readonly Setting[] = [],
): TopCommand {
  const line = readCommandLine(TOP_PROGRAM, argv);
  if (line.kind !== 'run') return line;
  const values = readOptions(TOP_OPTIONS, [...defaults, ...line.settings]);
  const shell = values.ok ? shellOf(values.value.completions) : undefined;
  if (shell !== undefined) return { kind: 'print', text: completions(TOP_PROGRAM, shell) };
  const operands = readOperands(line.operands, values.ok ? values.value : null, checkAddress);
  const combined = values.ok ? combinationProblems(values.value) : [];
  if (values.ok && operands.ok && combined.length === 0) {
    return { kind: 'run', options: { ...values.value, ...operands.value } };
  }
  const problems = [values, operands].flatMap((read) => (read.ok ? [] : read.error));
  return { kind: 'error', message: [...problems, ...combined].join('\n') };
}
