import { didYouMean } from './likely.js';
import { VALUE_PROBLEMS } from './option-problems.js';
import type { OptionRow, OptionType } from './options.js';
import type { Problem } from './problem.js';
import { quantityExamples } from './quantities.js';
import { err, ok, type Result } from './result.js';

/** What help is given on. */
export interface Helped {
  readonly name: string;
  readonly table: readonly OptionRow[];
  /** What `--help OPTION` tells beside what the row holds. */
  readonly factsOf?: (row: OptionRow) => readonly (readonly [term: string, meaning: string])[];
}

/**
 * What `--help WORD` prints: an option in full, or the options of a topic. A topic that is called like
 * an option is meant where it is written as in `--help`. The error names what there is.
 */
export function helpOn(program: Helped, word: string): Result<string, Problem> {
  const topics = [...new Set(program.table.map(({ topic }) => topic))];
  const exact = topics.find((topic) => topic === word);
  const name = word.replace(/^--?/, '');
  const row = program.table.find((each) => namesOf(each).includes(name));
  if (exact === undefined && row !== undefined) return ok(optionHelp(row, program));
  const topic = exact ?? topics.find((each) => each.toLowerCase() === word.toLowerCase());
  if (topic !== undefined) return ok(topicHelp(topic, program.table));
  const words = [...program.table.flatMap(namesOf), ...topics];
  return err(VALUE_PROBLEMS.unknownHelp(word, didYouMean(words, word), topics.join(', ')));
}

function namesOf({ name, aliases = [] }: OptionRow): string[] {
  return [name, ...aliases];
}

/** Every way to write an option, with what its value is called. */
export function usageOf(row: OptionRow): string {
  const value = row.type === 'flag' ? '' : ` ${row.value ?? row.type}`;
  const flags = namesOf(row).map((each) => (each.length === 1 ? `-${each}` : `--${each}`));
  return flags.join(', ') + value;
}

const TYPES: Readonly<Record<OptionType, string>> = {
  flag: 'flag: true without a value; true, on, yes, 1, or false, off, no, 0',
  integer: 'whole number',
  number: 'number',
  text: 'text',
  address: 'address',
  list: 'list',
};

/** What a reload is not enough for. */
export const NEW_MASTER = 'an upgrade (SIGUSR2) or a restart';

/** What there is to know of an option beside its names and its help, as terms and meanings. */
export function factsOf(row: OptionRow): [term: string, meaning: string][] {
  const unit = row.unit === undefined ? '' : ` ${row.unit}`;
  const isList = row.type === 'list';
  return [
    ['type', TYPES[row.type] + rangeOf(row) + writtenIn(row)],
    ...(row.choices === undefined ? [] : [pair('one of', row.choices.join(', '))]),
    ...(row.default === undefined ? [] : [pair('default', `${row.default}${unit}`)]),
    ...(row.bare === undefined ? [] : [pair('without a value', row.bare)]),
    ['repeatable', isList ? 'yes, each adds one' : 'no, the last one holds'],
    ...(row.fixed === undefined ? [] : [pair('a change takes', NEW_MASTER)]),
    ...(row.since === undefined ? [] : [pair('since', row.since)]),
  ];
}

function pair(term: string, meaning: string): [string, string] {
  return [term, meaning];
}

/** The bounds of a number, as the rest of a sentence. */
function rangeOf({ type, min = 0, max }: OptionRow): string {
  if (type !== 'integer' && type !== 'number') return '';
  return max === undefined ? `, ${min} or more` : `, ${min} to ${max}`;
}

/** The unit, and how the number may be written, as the rest of a sentence. */
function writtenIn({ unit }: OptionRow): string {
  if (unit === undefined) return '';
  const examples = quantityExamples(unit);
  return `, in ${unit}${examples === null ? '' : `, such as ${examples}`}`;
}

function optionHelp(row: OptionRow, program: Helped): string {
  const facts = [
    ...factsOf(row),
    ...(program.factsOf?.(row) ?? []),
    pair('topic', `${row.topic}: ${program.name} --help ${shellWord(row.topic)}`),
  ];
  const width = Math.max(...facts.map(([term]) => term.length));
  const lines = facts.map(([term, meaning]) => `  ${term.padEnd(width)}  ${meaning}`);
  return [usageOf(row), '', `  ${row.help}`, '', ...lines, ''].join('\n');
}

function shellWord(text: string): string {
  return /^[\w-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function topicHelp(topic: string, table: readonly OptionRow[]): string {
  const rows = table.filter((row) => row.topic === topic);
  return [
    `${topic}:`,
    ...rows.flatMap((row) => [`  ${usageOf(row)}`, `      ${row.help}`]),
    '',
  ].join('\n');
}
