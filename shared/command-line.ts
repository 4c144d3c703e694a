import { Command, CommanderError, Option } from 'commander';
import { type Helped, helpOn } from './option-help.js';
import { VALUE_PROBLEMS } from './option-problems.js';
import type { OptionRow, Setting } from './options.js';
import type { Problem } from './problem.js';

/** What a command line asks for. */
export type CommandLine =
  | {
      readonly kind: 'run';
      readonly settings: readonly Setting[];
      readonly operands: readonly string[];
      /** Options of `Program.idle` that stand there. */
      readonly idle: readonly string[];
    }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'error'; readonly message: Problem };

export interface Program extends Helped {
  readonly version: string;
  readonly description: string;
  readonly usage: string;
  readonly epilogue: string;
  /** Options that are accepted and do nothing, in commander's words: `-i, --name <value>`. */
  readonly idle?: readonly string[];
}

/**
 * Reads a command line by an option table. Order is kept, so that the last of several scalars
 * wins and lists grow in order. Nothing is printed and the process does not end: commander is
 * used for its grammar (`-p2`, `--name=x`, `--`), its suggestions and the shape of `--help`.
 */
export function readCommandLine(program: Program, argv: readonly string[]): CommandLine {
  const settings: Setting[] = [];
  let printed = '';
  const command = new Command(program.name)
    .usage(program.usage)
    .description(program.description)
    .version(`${program.name} ${program.version}`, '-V, --version', 'print the version and exit')
    .helpOption(false)
    .argument('[operands...]')
    .addHelpText('after', `\n${program.epilogue}`)
    .configureHelp({ showGlobalOptions: false, visibleArguments: () => [] })
    .configureOutput({
      writeOut: (text) => (printed += text),
      writeErr: (text) => (printed += text),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    })
    .exitOverride();
  for (const row of program.table) addRow(command, row, settings);
  const idle: string[] = [];
  for (const flags of program.idle ?? []) addIdle(command, flags, idle);
  addHelp(command);
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof HelpAsked) return help(program, command, error.word);
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'print', text: printed };
    return { kind: 'error', message: problemOf(error) };
  }
  return { kind: 'run', settings, operands: command.args, idle };
}

/** What commander has against a command line, with its own guess at what was meant. */
function problemOf({ code, message }: CommanderError): Problem {
  const [, named = ''] = /'([^']*)'/.exec(message) ?? [];
  const [, guess] = /\(Did you mean ([^)]*)\)/.exec(message) ?? [];
  if (code === 'commander.optionMissingArgument') return VALUE_PROBLEMS.valueMissingBehind(named);
  return VALUE_PROBLEMS.unknownFlag(named, guess === undefined ? '' : `; did you mean ${guess}`);
}

/** Thrown as soon as help is asked for, whatever else is on the line. */
class HelpAsked extends Error {
  /** The option or topic that it is asked for; empty for all. */
  readonly word: string;

  constructor(word: string) {
    super('help');
    this.word = word;
  }
}

function addHelp(command: Command): void {
  command.option('-h, --help [TOPIC|OPTION]', 'print this help, or that on one of them, and exit');
  command.on('option:help', (word: string | null) => {
    throw new HelpAsked(word ?? '');
  });
}

function help(program: Program, command: Command, word: string): CommandLine {
  if (word === '') {
    let text = '';
    command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 100 });
    command.outputHelp();
    return { kind: 'print', text };
  }
  const on = helpOn(program, word);
  return on.ok ? { kind: 'print', text: on.value } : { kind: 'error', message: on.error };
}

/** An option of several names is as many options for commander, of which only the first is shown. */
function addRow(command: Command, row: OptionRow, settings: Setting[]): void {
  const short = row.aliases?.find((alias) => alias.length === 1);
  const others = (row.aliases ?? []).filter((alias) => alias.length > 1);
  const word = row.value ?? row.type;
  const value = row.type === 'flag' ? '' : row.bare === undefined ? ` <${word}>` : ` [${word}]`;
  const collect = (name: string) => {
    const option = `option:${name}`;
    command.on(option, (given: string | null) => {
      settings.push({ name: row.name, value: given ?? '', origin: `--${name}` });
    });
  };
  const flags = short === undefined ? `--${row.name}${value}` : `-${short}, --${row.name}${value}`;
  command.addOption(new Option(flags, describe(row)).helpGroup(`${row.topic}:`));
  collect(row.name);
  for (const alias of others) {
    command.addOption(new Option(`--${alias}${value}`).hideHelp());
    collect(alias);
  }
}

function addIdle(command: Command, flags: string, idle: string[]): void {
  const option = new Option(flags).hideHelp();
  command.addOption(option).on(`option:${option.name()}`, () => {
    idle.push(option.name());
  });
}

function describe(row: OptionRow): string {
  const others = (row.aliases ?? []).filter((alias) => alias.length > 1);
  const notes = [...others.map((alias) => `also --${alias}`), ...notesOf(row)];
  return notes.length === 0 ? row.help : `${row.help} (${notes.join('; ')})`;
}

/** What there is to know of an option besides its help. */
export function notesOf(row: OptionRow): string[] {
  const unit = row.unit === undefined ? '' : ` ${row.unit}`;
  return [
    ...(row.type === 'list' ? ['repeatable'] : []),
    ...(row.bare === undefined ? [] : [`${row.bare} without a value`]),
    ...(row.default === undefined ? [] : [`default ${row.default}${unit}`]),
  ];
}
