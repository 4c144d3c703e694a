import { readCommandLine } from '../../shared/command-line.js';
import { type OptionRow, readOptions, type Setting } from '../../shared/options.js';
import { isFileOperand } from '../options/ini/formats.js';
import { OPTIONS } from '../options/table.js';
import { DEV_PROGRAM, OWN_OPTIONS } from './options.js';

/** What the words behind `tsuwsgi dev` come down to. */
export type DevInvocation =
  | {
      readonly kind: 'run';
      /** The application: a file, with the name of an export or not. */
      readonly application: string;
      /** The port that is tried first; null: the options name an address. */
      readonly port: number | null;
      /** The command line of the instance, but for the address. */
      readonly words: readonly string[];
    }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'refuse'; readonly problems: readonly string[] };

/** What says where to serve: who gives one of them means it. */
const ADDRESSES: readonly string[] = ['http', 'https', 'http-socket', 'socket'];

const OWN: readonly string[] = OWN_OPTIONS.map(({ name }) => name);

const ALL: readonly OptionRow[] = [...OWN_OPTIONS, ...OPTIONS];

/** Reads the words behind `tsuwsgi dev`. */
export function readDevCommand(argv: readonly string[]): DevInvocation {
  const line = readCommandLine(
    { ...DEV_PROGRAM, table: argv.some(asksForHelp) ? DEV_PROGRAM.table : ALL },
    argv,
  );
  if (line.kind === 'print') return line;
  if (line.kind === 'error') return refuse([line.message]);
  const problem = operandProblem(line.operands);
  if (problem !== null) return refuse([problem]);
  const own = line.settings.filter(({ name }) => OWN.includes(name));
  const given = line.settings.filter(({ name }) => !OWN.includes(name));
  const values = readOptions(OWN_OPTIONS, own);
  if (!values.ok) return refuse(values.error);
  const address = given.find(({ name }) => ADDRESSES.includes(name));
  if (address !== undefined && own.length > 0) {
    return refuse([`--port and --${address.name} both say where to serve: leave one of them out`]);
  }
  const [application = ''] = line.operands;
  const port = address === undefined ? values.value.port : null;
  return { kind: 'run', application, port, words: [...usual(application), ...given.map(wordOf)] };
}

function asksForHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

function refuse(problems: readonly string[]): DevInvocation {
  return { kind: 'refuse', problems };
}

function operandProblem([file, second]: readonly string[]): string | null {
  if (file === undefined) return 'no application is named: tsuwsgi dev app.js, or --help';
  if (isFileOperand(file)) {
    return `"${file}" is a file of options: name the application, and give it as --ini, --yaml, --json or --toml behind that`;
  }
  if (second === undefined) return null;
  return `"${second}": one application is served, and ${file} is named already: leave it out`;
}

/** What stands before the options that are given, so that those hold. */
function usual(application: string): readonly string[] {
  return [
    `--module=${application}`,
    '--processes=1',
    '--auto-reload',
    '--log-json',
    '--node-option=--enable-source-maps',
  ];
}

function wordOf({ name, value }: Setting): string {
  const row = ALL.find((each) => each.name === name);
  const isBare = row?.type === 'flag' || (row?.bare !== undefined && value === '');
  return isBare ? `--${name}` : `--${name}=${value}`;
}
