import { parseAddress } from './address.js';
import { didYouMean } from './likely.js';
import { VALUE_PROBLEMS } from './option-problems.js';
import { type Problem, within } from './problem.js';
import { parseQuantity } from './quantities.js';
import { err, ok, type Result } from './result.js';

/**
 * Options are declared once, as rows of a table; the command line, the ini reader, `--help` and
 * the types of the values are all made from it.
 */

export type OptionType = 'flag' | 'integer' | 'number' | 'text' | 'address' | 'list';

export interface OptionRow {
  /** The long name, without dashes. */
  readonly name: string;
  /** Other names: one letter for `-x`, longer ones for `--xyz`. */
  readonly aliases?: readonly string[];
  readonly type: OptionType;
  /** What the value is called in `--help`, such as `ADDR`. */
  readonly value?: string;
  /** `s`, `ms`, `bytes` and `MB` may be written with a suffix, such as `5m` or `512M`. */
  readonly unit?: string;
  readonly default?: string | number;
  /** `text` rows only: what it means to give the option without a value. */
  readonly bare?: string;
  readonly min?: number;
  readonly max?: number;
  /** `list` rows only: may be given several times, each adds one. */
  readonly repeatable?: boolean;
  /** The heading in `--help`. */
  readonly topic: string;
  /**
   * A change of it takes a new master, by an upgrade or a restart. All others hold from the next
   * reload on, for the processes that it starts.
   */
  readonly fixed?: true;
  /**
   * What of its value is a secret. `variable`: it is NAME=VALUE, and VALUE is one where NAME sounds like
   * it. `file`: nothing is, but it names a file that has one. Passwords in URLs are hidden in any option.
   */
  readonly secret?: 'variable' | 'file';
  readonly help: string;
  /** The words that the value may be, for `check` and for the shell's completion. */
  readonly choices?: readonly string[];
  /** Why a value cannot be used, as the end of a sentence; null when it can. */
  readonly check?: (value: string) => string | null;
  /** The version that it came with, where that is not the first one, which is told once for all. */
  readonly since?: string;
  /** How it differs from the option that uWSGI has of that name, as a sentence. */
  readonly differs?: string;
}

type Scalar<R extends OptionRow> = R['type'] extends 'flag'
  ? boolean
  : R['type'] extends 'list'
    ? readonly string[]
    : R['type'] extends 'integer' | 'number'
      ? number
      : string;

type Optional<R extends OptionRow> = R['type'] extends 'flag' | 'list'
  ? false
  : R extends { default: string | number }
    ? false
    : true;

/** The values that a table describes: `undefined` only where a row has no default. */
export type OptionValues<T extends readonly OptionRow[]> = {
  readonly [R in T[number] as R['name']]: Optional<R> extends true
    ? Scalar<R> | undefined
    : Scalar<R>;
};

/** One setting as written: on the command line, or in a file. */
export interface Setting {
  readonly name: string;
  /** Empty for a bare flag. */
  readonly value: string;
  /** Where it was written, for messages: `--processes`, `tsuwsgi.ini:3: processes`. */
  readonly origin: string;
}

/** Finds a row by its name or one of its aliases. */
export function findOption(table: readonly OptionRow[], name: string): OptionRow | undefined {
  return table.find((row) => row.name === name || row.aliases?.includes(name));
}

/**
 * Turns settings into values: a later scalar overrides an earlier one, a list grows. All problems
 * are reported at once, each a sentence that names the origin, the value and what is expected.
 */
export function readOptions<const T extends readonly OptionRow[]>(
  table: T,
  settings: readonly Setting[],
): Result<OptionValues<T>, Problem[]> {
  const values: Record<string, unknown> = {};
  for (const row of table) values[row.name] = initial(row);
  const problems: Problem[] = [];
  for (const setting of settings) {
    const row = findOption(table, setting.name);
    if (!row) {
      const { name, origin } = setting;
      problems.push(within(origin, VALUE_PROBLEMS.unknownOption(name, hint(table, name))));
      continue;
    }
    const read = readValue(row, setting);
    if (!read.ok) problems.push(read.error);
    else if (row.type !== 'list') values[row.name] = read.value;
    else values[row.name] = [...(values[row.name] as string[]), read.value];
  }
  return problems.length === 0 ? ok(values as OptionValues<T>) : err(problems);
}

/** The option that was probably meant. */
function hint(table: readonly OptionRow[], name: string): string {
  return didYouMean(
    table.flatMap((row) => [row.name, ...(row.aliases ?? [])]),
    name,
  );
}

function initial(row: OptionRow): unknown {
  if (row.type === 'flag') return false;
  if (row.type === 'list') return [];
  return row.default;
}

function readValue(row: OptionRow, setting: Setting): Result<unknown, Problem> {
  const read = readTyped(row, setting);
  if (!read.ok) return read;
  // A number is checked as the one that is meant, `5m` as 300; a bare option as what it stands for.
  const isMeant = typeof read.value === 'number' || typeof read.value === 'string';
  const text = isMeant ? String(read.value) : setting.value;
  const problem = row.check?.(text) ?? notAChoice(row, text);
  // Whether it is one of a table is for the program to hold its rows to.
  return problem === null ? read : err(within(setting.origin, problem as Problem));
}

function notAChoice({ choices, value: called }: OptionRow, value: string): Problem | null {
  if (choices === undefined || choices.includes(value)) return null;
  const what = (called ?? 'value').toLowerCase();
  const hint = didYouMean(choices, value);
  return VALUE_PROBLEMS.notAChoice(value, what, choices.join(', '), hint);
}

function readTyped(row: OptionRow, setting: Setting): Result<unknown, Problem> {
  const { value, origin } = setting;
  switch (row.type) {
    case 'flag':
      return readFlag(value, origin);
    case 'integer':
    case 'number':
      return readNumber(row, value, origin);
    case 'address':
      return readAddress(value, origin);
    case 'text':
    case 'list':
      if (value === '' && row.bare !== undefined) return ok(row.bare);
      return value === ''
        ? err(within(origin, VALUE_PROBLEMS.valueMissing(row.value ?? 'TEXT')))
        : ok(value);
  }
}

/** uWSGI takes `true`, a bare key and 1; false, off, no and 0 switch off. */
function readFlag(value: string, origin: string): Result<boolean, Problem> {
  const word = value.toLowerCase();
  if (['', 'true', '1', 'on', 'yes'].includes(word)) return ok(true);
  if (['false', '0', 'off', 'no'].includes(word)) return ok(false);
  return err(within(origin, VALUE_PROBLEMS.neitherTrueNorFalse(value)));
}

function readNumber(row: OptionRow, value: string, origin: string): Result<number, Problem> {
  const whole = row.type === 'integer';
  const read = parseQuantity(value, { unit: row.unit, whole });
  if (!read.ok) return err(within(`${origin}: "${value}"`, read.error, ' '));
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = row;
  if (read.value >= min && read.value <= max) return read;
  const bounds = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
  const kind = whole ? 'a whole number' : 'a number';
  return err(within(origin, VALUE_PROBLEMS.outOfBounds(value, kind, bounds)));
}

function readAddress(value: string, origin: string): Result<string, Problem> {
  const address = parseAddress(value);
  return address.ok ? ok(value) : err(within(origin, address.error));
}
