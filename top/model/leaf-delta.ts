import type { Json } from '../../shared/delta.js';
import { putKey } from '../../shared/put-key.js';

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
    const ops = isContainer(after) ? within(before, after) : null;
    return ops === null ? { '=': after } : ops.length === 0 ? null : ops;
  }
  if (typeof before === 'number' && typeof after === 'number') {
    const grown = after - before;
    if (before + grown === after) return grown;
  }
  return sameEmpty(before, after) ? null : { '=': after };
}

/** Null when they are of another shape. */
function within(before: Container, after: Container): readonly Op[] | null {
  if (Array.isArray(before) || Array.isArray(after)) {
    return Array.isArray(before) && Array.isArray(after) ? listed(before, after) : null;
  }
  const keys = Object.keys(before);
  const others = Object.keys(after);
  if (keys.length !== others.length) return null;
  const ops: Op[] = [];
  let passed = 0;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? '';
    if (key !== others[index]) return null;
    passed = told(ops, passed, changed(before[key] ?? null, after[key] ?? null));
  }
  return ops;
}

function listed(before: readonly Json[], after: readonly Json[]): readonly Op[] | null {
  if (before.length !== after.length) return null;
  const ops: Op[] = [];
  let passed = 0;
  for (let index = 0; index < before.length; index++) {
    passed = told(ops, passed, changed(before[index] ?? null, after[index] ?? null));
  }
  return ops;
}

/** Adds what became of one value; how many have been passed over since. */
function told(ops: Op[], passed: number, op: Op | null): number {
  if (op === null) return passed + 1;
  ops.push(passed, op);
  return 0;
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
    if (key !== undefined) putKey(copy, key, applied(before[key] ?? null, one));
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

function isList(op: readonly Op[] | { readonly '=': Json }): op is readonly Op[] {
  return Array.isArray(op);
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
