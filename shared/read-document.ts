import { describeValue, integerIn, isFields, numberIn, wordOf, type Fields } from './fields.js';

/**
 * Readers that are put together to read a document of unknown origin: each gives the value, or
 * undefined and a note of what was wrong where. A value that is absent is no damage.
 */

/** What was wrong in a document, in the order found; only the first few are kept. */
export interface Notes {
  damaged: boolean;
  readonly list: string[];
  /**
   * Whether places have names. To make them takes longer than to read: a document is read without,
   * and once more with them where something is wrong.
   */
  readonly named: boolean;
}

export type Reader<T> = (value: unknown, path: string, notes: Notes) => T | undefined;

/** A reader for each key of `T`. */
export type Readers<T> = { readonly [K in keyof T]-?: Reader<Exclude<T[K], undefined>> };

const MAX_NOTES = 5;

/** Fresh, for one document. */
export function newNotes(named = true): Notes {
  return { damaged: false, list: [], named };
}

/** The place of a member, or of an element. */
function member({ named }: Notes, path: string, key: string): string {
  return named ? `${path}.${key}` : '';
}

export function element({ named }: Notes, path: string, index: number): string {
  return named ? `${path}[${index}]` : '';
}

function wrong(notes: Notes, path: string, value: unknown, wanted: string): void {
  notes.damaged = true;
  if (notes.list.length >= MAX_NOTES) return;
  notes.list.push(`${path} is ${describeValue(value)}, not ${wanted}`);
}

/** A finite number that is not negative: every count, size and time of the document. */
export const amount: Reader<number> = (value, path, notes) => {
  const read = numberIn(value, 0, Number.MAX_VALUE);
  if (read === undefined) wrong(notes, path, value, 'a number from 0');
  return read;
};

/** A finite number, below zero too. */
export const signed: Reader<number> = (value, path, notes) => {
  const read = numberIn(value, -Number.MAX_VALUE, Number.MAX_VALUE);
  if (read === undefined) wrong(notes, path, value, 'a number');
  return read;
};

/** A whole number from 0 to `max`. */
export function whole(max: number): Reader<number> {
  return (value, path, notes) => {
    const read = integerIn(value, 0, max);
    if (read === undefined) wrong(notes, path, value, `a whole number up to ${max}`);
    return read;
  };
}

/** A string; what is longer than `limit` is cut. */
export function text(limit: number): Reader<string> {
  return (value, path, notes) => {
    if (typeof value !== 'string') {
      wrong(notes, path, value, 'a string');
      return undefined;
    }
    if (value.length > limit) notes.damaged = true;
    return value.slice(0, limit);
  };
}

/** One of a closed list of words. */
export function word<W extends string>(words: readonly W[]): Reader<W> {
  return (value, path, notes) => {
    const read = wordOf(value, words);
    if (read === undefined) wrong(notes, path, value, `one of ${words.join(', ')}`);
    return read;
  };
}

/** `null`, or what `reader` reads. */
export function orNull<T>(reader: Reader<T>): Reader<T | null> {
  return (value, path, notes) => (value === null ? null : reader(value, path, notes));
}

/**
 * A list; elements that cannot be read are left out, and what is beyond `limit` is cut. One that is
 * as it should be is taken as it is.
 */
export function listOf<T>(reader: Reader<T>, limit: number): Reader<T[]> {
  return (value, path, notes) => {
    if (!Array.isArray(value)) {
      wrong(notes, path, value, 'a list');
      return undefined;
    }
    const elements: readonly unknown[] = value;
    if (elements.length > limit) notes.damaged = true;
    // Made when the first element turns out to be another than it was.
    let result: T[] | null = elements.length > limit ? [] : null;
    for (let index = 0; index < Math.min(elements.length, limit); index++) {
      const read = reader(elements[index], element(notes, path, index), notes);
      if (result === null && read !== elements[index]) result = elements.slice(0, index) as T[];
      if (result !== null && read !== undefined) result.push(read);
    }
    return result ?? (elements as T[]);
  };
}

/** An object with every key of `readers`; where one is missing or wrong, there is no object. */
export function objectOf<T extends object>(readers: Readers<T>): Reader<T> {
  const keys = Object.keys(readers);
  return (value, path, notes) => {
    if (!isFields(value)) {
      wrong(notes, path, value, 'an object');
      return undefined;
    }
    const result = readFields(value, readers, path, notes);
    const missing = keys.find((key) => !Object.hasOwn(result, key));
    if (missing === undefined) return result as T;
    if (value[missing] === undefined)
      wrong(notes, member(notes, path, missing), undefined, 'a value');
    return undefined;
  };
}

/** An object with those keys of `readers` that are there and can be read. */
export function partOf<T extends object>(readers: Readers<T>): Reader<Partial<T>> {
  return (value, path, notes) => {
    if (!isFields(value)) {
      wrong(notes, path, value, 'an object');
      return undefined;
    }
    return readFields(value, readers, path, notes);
  };
}

/**
 * An object as a map from any key to what `reader` reads; keys beyond `limit` are cut. One that is
 * as it should be is taken as it is.
 */
export function mapOf<T>(reader: Reader<T>, limit: number): Reader<Record<string, T>> {
  return (value, path, notes) => {
    if (!isFields(value)) {
      wrong(notes, path, value, 'an object');
      return undefined;
    }
    const entries = Object.entries(value);
    const result: [string, T][] = [];
    let isSame = entries.length <= limit;
    for (const [key, one] of entries.slice(0, limit)) {
      const read = reader(one, member(notes, path, key.slice(0, 40)), notes);
      isSame &&= read === one;
      if (read !== undefined) result.push([key, read]);
    }
    return isSame ? (value as Record<string, T>) : Object.fromEntries(result);
  };
}

/**
 * Reads the keys of a table out of an object: absent stays absent. An object that has no others, and
 * whose values are as they should be, is taken as it is: a copy of it would take the most time of
 * reading a document, and V8 makes a slow one of what gets its keys one by one.
 */
export function readFields<T extends object>(
  fields: Fields,
  readers: Readers<T>,
  path: string,
  notes: Notes,
): Partial<T> {
  const { keys, all } = tableOf(readers);
  // Made when the first value turns out to be another than it was.
  let result: Record<string, unknown> | null = null;
  let known = 0;
  for (const [index, key] of keys.entries()) {
    const value = fields[key];
    // JSON has no undefined, and no table has a key that every object has.
    if (value === undefined) continue;
    const read = all[index]?.(value, member(notes, path, key), notes);
    if (read === value) known++;
    else result ??= chosen(fields, keys.slice(0, index));
    if (result !== null && read !== undefined) result[key] = read;
  }
  if (result === null && known < Object.keys(fields).length) result = chosen(fields, keys);
  // Each key was read by the reader that the table has for it.
  return (result ?? fields) as Partial<T>;
}

/** Of an object those keys that a table has. */
function chosen(fields: Fields, keys: readonly string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of keys) if (fields[key] !== undefined) result[key] = fields[key];
  return result;
}

/** A table of readers as two lists, which are walked faster. */
interface Table {
  readonly keys: readonly string[];
  readonly all: readonly Reader<unknown>[];
}

/** The same for every object that is read with it. */
function tableOf(readers: object): Table {
  const known = TABLES.get(readers);
  if (known !== undefined) return known;
  const all = Object.values<Reader<unknown>>(readers as Record<string, Reader<unknown>>);
  const table = { keys: Object.keys(readers), all };
  TABLES.set(readers, table);
  return table;
}

const TABLES = new WeakMap<object, Table>();
