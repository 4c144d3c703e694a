import path from 'node:path';
import { findOption, type OptionRow, type Setting } from '../../shared/options.js';
import { VERSION } from '../../shared/version.js';
import { visible } from '../request-log/escape.js';
import { expandReferences } from './ini/references.js';
import { shownValue } from './secrets.js';
import { BESIDE_FILE } from './sources.js';

/** Options that say where to read, or what to do instead of serving: they hold for nothing. */
export const ABOUT_READING: ReadonlySet<string> = new Set([
  ...['ini', 'yaml', 'json', 'toml', 'inherit', 'print'],
  ...['check-config', 'show-config', 'dump-options', 'completions'],
]);

/** A value that holds, and where it was written. */
interface Holding {
  readonly row: OptionRow;
  readonly value: string;
  readonly origin: string;
}

/**
 * What holds, as an ini file that can be read again from any folder: below a comment that says where a
 * value was written, the option; at the end the defaults, as comments, so that they stay defaults. A
 * secret, and a value that an ini file cannot hold, are comments too. All settings were read without
 * a problem.
 */
export function showConfig(
  table: readonly OptionRow[],
  settings: readonly Setting[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const rows = table.filter(({ name }) => !ABOUT_READING.has(name));
  const holding = rows.flatMap((row) => holdingOf(row, table, settings, cwd));
  const told = new Set(holding.map(({ row }) => row.name));
  const usual = rows.filter((row) => row.default !== undefined && !told.has(row.name));
  return [
    `; tsuwsgi ${VERSION}`,
    '[tsuwsgi]',
    ...holding.flatMap((each) => linesOf(each, table, env)),
    '; defaults',
    ...usual.map((row) => `;${row.name} = ${String(row.default)}`),
    '; end of configuration',
    '',
  ].join('\n');
}

/** A scalar is what was written last, a list is all of it. */
function holdingOf(
  row: OptionRow,
  table: readonly OptionRow[],
  settings: readonly Setting[],
  cwd: string,
): Holding[] {
  const own = settings.filter(({ name }) => findOption(table, name)?.name === row.name);
  const holding = row.type === 'list' ? own : own.slice(-1);
  return holding.map(({ value, origin }) => {
    const bare = row.type === 'flag' ? 'true' : (row.bare ?? '');
    const written = value === '' ? bare : value;
    const isPath = BESIDE_FILE.has(row.name);
    return { row, value: isPath ? path.resolve(cwd, written) : written, origin: placeOf(origin) };
  });
}

/** `shop.ini:3: processes` is shop.ini:3. */
function placeOf(origin: string): string {
  if (origin.startsWith('--')) return `command line: ${origin}`;
  if (/^TSUWSGI_\w+$/.test(origin)) return `environment: ${origin}`;
  return origin.replace(/: [^:]*$/, '');
}

function linesOf(
  { row, value, origin }: Holding,
  table: readonly OptionRow[],
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const where = `; ${visible(origin)}`;
  const shown = shownValue(row, value);
  if (shown !== value) return [`${where}: it holds a secret`, `;${row.name} = ${visible(shown)}`];
  const written = escaped(value);
  const problem = unwritable(value, written, table, env);
  if (problem === null) return [where, `${row.name} = ${written}`];
  return [`${where}: an ini file cannot hold it: ${problem}`, `;${row.name} = ${visible(value)}`];
}

function escaped(value: string): string {
  return value.replace(/%(?!\()/g, '%%').replaceAll('\u001b', '%[');
}

/** Why a value would be another one when it is read again; null: it would not. */
function unwritable(
  value: string,
  written: string,
  table: readonly OptionRow[],
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  if (value !== value.trim()) return 'its ends are blank';
  if (visible(written) !== written) return 'it has control characters';
  const referred: string[] = [];
  for (const sign of ['$', '@', '%'] as const) {
    expandReferences(value, sign, (name) => {
      if (isFound(sign, name, table, env)) referred.push(`${sign}(${name})`);
      return undefined;
    });
  }
  const [first] = referred;
  return first === undefined ? null : `${first} would be taken for a reference`;
}

/** Whether a reference leads somewhere in what is printed. */
function isFound(
  sign: '$' | '@' | '%',
  name: string,
  table: readonly OptionRow[],
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (sign === '$') return env[name] !== undefined;
  return sign === '@' || name.includes(' ') || findOption(table, name) !== undefined;
}
