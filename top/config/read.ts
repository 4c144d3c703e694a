import { didYouMean } from '../../shared/likely.js';
import { readOptions, type Setting } from '../../shared/options.js';
import { sanitizeShort } from '../model/sanitize.js';
import { SETTINGS } from '../model/settings.js';
import { TOP_OPTIONS } from '../options.js';

/** What a file of settings says: as settings of the command line, which wins over them. */
export interface ReadConfig {
  readonly settings: readonly Setting[];
  /** What is wrong with it, a sentence each, safe to draw; the default is used instead. */
  readonly warnings: readonly string[];
}

/** Settings whose option has another name, or is the opposite. */
const OPTION_OF: Readonly<Record<string, string>> = { interval: 'frequency', mouse: 'no-mouse' };

const NAMES: readonly string[] = SETTINGS.map(({ name }) => name);

/** `name: value`; the value may stand in quotes, and a comment after it. */
const LINE = /^([A-Za-z][\w-]*):(?:\s+(.*))?$/;
const QUOTED = /^(?:'([^']*)'|"([^"\\]*)")\s*(?:#.*)?$/;

/**
 * Reads a file of settings: of YAML what is flat, one `name: value` on a line, with comments. A line
 * that is wrong is left out and told.
 */
export function readConfig(text: string, origin: string): ReadConfig {
  const settings = new Map<string, Setting>();
  const warnings: string[] = [];
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trimEnd();
    if (line === '' || line === '---' || /^\s*#/.test(line)) continue;
    const read = readLine(line, `${origin}:${index + 1}`);
    if (typeof read === 'string') warnings.push(sanitizeShort(read, 300));
    else if (read !== null) settings.set(read.name, read);
  }
  return { settings: [...settings.values()], warnings };
}

/** A line as a setting, null for one that asks for the default, or what is wrong with it. */
function readLine(line: string, origin: string): Setting | null | string {
  const [, name, rest = ''] = LINE.exec(line) ?? [];
  if (name === undefined) return `${origin}: "${line.trim().slice(0, 40)}" is no "name: value"`;
  if (!NAMES.includes(name)) {
    const known = NAMES.join(', ');
    return `${origin}: there is no setting "${name.slice(0, 40)}", only ${known}${didYouMean(NAMES, name)}`;
  }
  const value = valueOf(rest);
  if (name === 'columns' && value === 'all') return null;
  const setting = { name: OPTION_OF[name] ?? name, value, origin: `${origin}: ${name}` };
  if (value === '') return `${setting.origin}: a value is missing`;
  const read = readOptions(TOP_OPTIONS, [setting]);
  if (!read.ok) return read.error.join(', ');
  // The option is the opposite of the setting.
  return name === 'mouse' ? { ...setting, value: String(!read.value['no-mouse']) } : setting;
}

function valueOf(text: string): string {
  const [, single, double] = QUOTED.exec(text) ?? [];
  return single ?? double ?? text.replace(/(^|\s)#.*$/, '').trim();
}
