import type { OptionRow } from '../../shared/options.js';
import { visible } from '../request-log/escape.js';
import { disagreements } from './agreement.js';
import { isRoutersOnly } from './routers-only.js';
import { isTellable } from './secrets.js';
import { ABOUT_READING } from './show-config.js';
import { isSpoolersOnly } from './spoolers-only.js';
import { type Options, OPTIONS } from './table.js';

/** What a configuration that was read again changes. Each change is a text, `processes: 4 → 6`. */
export interface Changes {
  /** The options that hold from now on. */
  readonly options: Options;
  /** What changes with them. */
  readonly live: readonly string[];
  /** What stays as it was until there is a new master. */
  readonly fixed: readonly string[];
}

/**
 * Compares what holds with what was read, of which each is sound by itself. What is fixed stays; where
 * the rest makes no sense without it, all of it waits for a new master.
 */
export function compareOptions(holding: Options, read: Options): Changes {
  const changed = ROWS.filter(({ name }) => !isSame(holding[name], read[name]));
  const isFixed = ({ fixed }: OptionRow): boolean => fixed === true;
  const text = (row: Row): string => changeText(row, holding[row.name], read[row.name]);
  const live = changed.filter((row) => !isFixed(row));
  const mixed: Options = {
    ...holding,
    ...Object.fromEntries(live.map(({ name }) => [name, read[name]])),
  };
  if (kindOf(holding) !== kindOf(read) || disagreements(mixed).length > 0) {
    return { options: holding, live: [], fixed: changed.map(text) };
  }
  return { options: mixed, live: live.map(text), fixed: changed.filter(isFixed).map(text) };
}

type Row = OptionRow & { readonly name: keyof Options };

const ROWS: readonly Row[] = OPTIONS.filter(({ name }) => !ABOUT_READING.has(name));

type Value = Options[keyof Options];

function isSame(one: Value, other: Value): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((text, at) => text === other[at]);
}

/** What an instance consists of: other processes than before take another master. */
function kindOf(options: Options): string {
  if (isSpoolersOnly(options)) return 'spoolers';
  // There are no private sockets where requests go elsewhere.
  const { 'http-to': to } = options;
  return `${isRoutersOnly(options) ? 'routers' : 'workers'} ${to.length > 0 ? 'elsewhere' : 'here'}`;
}

/** Values that an option of any name may be told with: what is longer tells nobody more. */
const MAX_SHOWN = 200;

function changeText(row: Row, before: Value, after: Value): string {
  const { name } = row;
  const [from, to] = [written(before), written(after)];
  const isHidden = hidesSecret(row, before) || hidesSecret(row, after);
  return isHidden ? `${name}: changed (it holds a secret)` : `${name}: ${from} → ${to}`;
}

function hidesSecret(row: Row, value: Value): boolean {
  const texts = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
  return texts.some((text) => !isTellable(row, text));
}

function written(value: Value): string {
  if (value === undefined || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number' || typeof value === 'string') return shortened(String(value));
  return value.length === 0 ? 'none' : shortened(value.join(', '));
}

function shortened(text: string): string {
  const shown = visible(text);
  return shown.length <= MAX_SHOWN ? shown : `${shown.slice(0, MAX_SHOWN - 1)}…`;
}
