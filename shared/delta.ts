/**
 * Differences between two JSON values, small enough to send every second. A delta is
 * - `{ "=": value }`: the value is replaced,
 * - `{ "+": { key: delta }, "-": [key] }`: keys of an object that changed or went,
 * - `{ "#": length, "@": { index: delta } }`: elements of an array that changed; the array is cut or
 *   grown to `length`.
 * `null` says that nothing changed. Law: patch(a, diff(a, b)) equals b.
 */

import { putKey } from './put-key.js';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type Delta =
  | null
  | { '=': Json }
  | { '+': Record<string, Delta>; '-'?: string[] }
  | { '#': number; '@': Record<string, Delta> };

type JsonObject = Record<string, Json>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What changed from `before` to `after`. */
export function diff(before: Json, after: Json): Delta {
  if (before === after) return null;
  if (Array.isArray(before) && Array.isArray(after)) return diffArray(before, after);
  if (isObject(before) && isObject(after)) return diffObject(before, after);
  return { '=': after };
}

function diffArray(before: Json[], after: Json[]): Delta {
  const changed: Record<string, Delta> = {};
  let count = 0;
  after.forEach((value, index) => {
    const old = before[index];
    const delta: Delta = old === undefined ? { '=': value } : diff(old, value);
    if (delta === null) return;
    changed[String(index)] = delta;
    count++;
  });
  if (count === 0 && before.length === after.length) return null;
  const delta: Delta = { '#': after.length, '@': changed };
  return isShorterWhole(after, delta, count) ? { '=': after } : delta;
}

/**
 * Whether a changed array takes fewer characters written anew: a pair of numbers does, and so does a
 * histogram most of whose buckets moved. Where less than half changed it is not worth the look.
 */
function isShorterWhole(after: Json[], delta: Delta, count: number): boolean {
  if (2 * count < after.length) return false;
  return JSON.stringify(after).length + '{"=":}'.length <= JSON.stringify(delta).length;
}

function diffObject(before: JsonObject, after: JsonObject): Delta {
  // A null prototype, so that a key such as "__proto__" is only a key.
  const changed = Object.create(null) as Record<string, Delta>;
  let count = 0;
  for (const [key, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    const delta: Delta = old === undefined ? { '=': value } : diff(old, value);
    if (delta === null) continue;
    changed[key] = delta;
    count++;
  }
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  if (count === 0 && gone.length === 0) return null;
  return gone.length === 0 ? { '+': changed } : { '+': changed, '-': gone };
}

/** Applies a delta that came over the wire; throws a `TypeError` that says where it does not fit. */
export function patch(before: Json, delta: unknown): Json {
  try {
    return patched(before, delta, NOWHERE);
  } catch {
    // To name places takes longer than to patch: that is done once more where something is wrong.
    return patched(before, delta, '$');
  }
}

/** A place, while no place has a name. */
const NOWHERE = null;
type Path = string | typeof NOWHERE;

function patched(before: Json, delta: unknown, path: Path): Json {
  if (delta === null) return before;
  if (!isObject(delta)) throw new TypeError(`delta at ${path} is not an object`);
  if (Object.hasOwn(delta, '=')) return delta['='] ?? null;
  if (Object.hasOwn(delta, '#')) return patchArray(before, delta, path);
  return patchObject(before, delta, path);
}

/** More elements than any document of ours has: a hostile length must not allocate. */
const MAX_ARRAY = 100_000;

function patchArray(before: Json, delta: JsonObject, path: Path): Json {
  const changed = delta['@'];
  if (!Array.isArray(before) || !isObject(changed)) throw new TypeError(`no array at ${path}`);
  const length = arrayLength(delta['#'], path);
  const result = before.slice(0, length);
  for (const [key, value] of Object.entries(changed)) {
    const index = /^\d+$/.test(key) ? Number(key) : -1;
    if (index < 0 || index >= length) throw new TypeError(`bad index "${key}" at ${path}`);
    result[index] = patched(result[index] ?? null, value, path && `${path}[${key}]`);
  }
  // `includes` sees the holes of a sparse array, which `some` would skip.
  if (result.length < length || (result as unknown[]).includes(undefined)) {
    throw new TypeError(`elements are missing at ${path}`);
  }
  return result;
}

function arrayLength(value: unknown, path: Path): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_ARRAY) {
    return value;
  }
  throw new TypeError(`bad array length at ${path}`);
}

function patchObject(before: Json, delta: JsonObject, path: Path): Json {
  const changed = delta['+'];
  const gone = delta['-'] ?? [];
  if (!isObject(before)) throw new TypeError(`no object at ${path}`);
  if (!isObject(changed) || !Array.isArray(gone)) throw new TypeError(`malformed delta at ${path}`);
  const result = gone.length === 0 ? { ...before } : without(before, new Set(gone));
  for (const key of Object.keys(changed)) {
    const old = Object.hasOwn(result, key) ? result[key] : null;
    putKey(result, key, patched(old ?? null, changed[key] ?? null, path && `${path}.${key}`));
  }
  return result;
}

function without(object: JsonObject, gone: ReadonlySet<Json>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !gone.has(key)));
}
