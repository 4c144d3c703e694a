import { err, type Result } from './result.js';

/**
 * Readers for JSON of unknown origin. Each gives the value when it is of the wanted shape and
 * within its bounds, else undefined; none throws.
 */

/** A JSON object whose members are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: not null, not an array. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number within bounds, and one that a double holds exactly. */
export function integerIn(value: unknown, min: number, max: number): number | undefined {
  return Number.isSafeInteger(value) ? numberIn(value, min, max) : undefined;
}

/** A number within bounds; never NaN or infinite. */
export function numberIn(value: unknown, min: number, max: number): number | undefined {
  return typeof value === 'number' && value >= min && value <= max ? value : undefined;
}

/** A string of at most `limit` UTF-16 units. */
export function textUpTo(value: unknown, limit: number): string | undefined {
  return typeof value === 'string' && value.length <= limit ? value : undefined;
}

/** One of a closed list of words. */
export function wordOf<W extends string>(value: unknown, words: readonly W[]): W | undefined {
  return words.find((word) => word === value);
}

/** How a value of the wrong shape is named in a message: its kind and, when short, itself. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `the ${typeof value} ${JSON.stringify(value).slice(0, 40)}`;
}

/** The refusal of an object, as a sentence: which field of what is not what was wanted. */
export function wrong(
  message: string,
  field: string,
  fields: Fields,
  wanted: string,
): Result<never, string> {
  return err(`${message}: "${field}" is ${describeValue(fields[field])}, not ${wanted}`);
}
