import type { Json } from '../../shared/delta.js';

/**
 * Differences between documents of one shape, for memory and not for the wire: names and structure
 * are those of the document before. An op is
 * - a number: how much the number that is here grew,
 * - `[n, op, n, op, ...]`: of the container here, n of its values further on, what became of that
 *   one; what is passed over is the same, and `[]` is no change at all,
 * - `{ "=": value }`: what is here now.
 * What is the very same object in both is not looked into: most of a document stood in the one
 * before (decodeValue). Of workers under full load this takes a third of what `shared/delta.ts` needs.
 * Law: applied(a, difference(a, b)) equals b.
 */
export type Op = number | readonly Op[] | { readonly '=': Json };

const SAME: Op = [];

type Container = Json[] | Record<string, Json>;

/** What changed from `before` to `after`. */
export function difference(before: Json, after: Json): Op {
  return changed(before, after) ?? SAME;
}

/** Null when nothing did. */
function changed(before: Json, after: Json): Op | null {
  if (before === after) return null;
  if (isContainer(before)) {
    return isContainer(after) && sameShape(before, after)
      ? within(before, after)
      : { '=': after };
  }
  if (typeof before === 'number' && typeof after === 'number') {
    const grown = after - before;
    if (before + grown === after) return grown;
  }
  return sameEmpty(before, after) ? null : { '=': after };
}

function within(before: Container, after: Container): Op | null {
  const old = valuesOf(before);
  const now = valuesOf(after);
  const ops: Op[] = [];
  let passed = 0;
  for (let index = 0; index < old.length; index++) {
    const op = changed(old[index] ?? null, now[index] ?? null);
    if (op === null) passed++;
    else {
      ops.push(passed, op);
      passed = 0;
    }
  }
  return ops.length === 0 ? null : ops;
}

/** The document after a difference; what did not change is shared with the one before. */
export function applied(before: Json, op: Op): Json {
  if (typeof op === 'number') return typeof before === 'number' ? before + op : before;
  if (!isList(op)) return op['='];
  if (op.length === 0 || !isContainer(before)) return before;
  if (Array.isArray(before)) {
    const copy = [...before];
    each(op, (index, one) => (copy[index] = applied(copy[index] ?? null, one)));
    return copy;
  }
  const copy = { ...before };
  const keys = Object.keys(before);
  each(op, (index, one) => {
    const key = keys[index];
    if (key !== undefined) put(copy, key, applied(before[key] ?? null, one));
  });
  return copy;
}

/** Calls with the place of each value that an op names, and what became of it. */
function each(ops: readonly Op[], call: (index: number, op: Op) => void): void {
  let index = 0;
  for (let at = 0; at + 1 < ops.length; at += 2) {
    index += Number(ops[at]);
    call(index, ops[at + 1] ?? SAME);
    index++;
  }
}

/** A name that the language gives a meaning is one like any other in a document. */
function put(object: Record<string, Json>, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function isList(op: readonly Op[] | { readonly '=': Json }): op is readonly Op[] {
  return Array.isArray(op);
}

function valuesOf(container: Container): readonly Json[] {
  return Array.isArray(container) ? container : Object.values(container);
}

function isContainer(value: Json): value is Container {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}

function sameEmpty(a: Json, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return Array.isArray(a) === Array.isArray(b) && Object.keys(b).length === 0;
}

/** Whether two containers have the same length, or the same keys in the same order. */
function sameShape(a: Container, b: Container): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length;
  }
  const keys = Object.keys(a);
  const others = Object.keys(b);
  return keys.length === others.length && keys.every((key, index) => key === others[index]);
}
