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
 * Law: applied(a, difference(a, b)) equals b, once the text of the difference is parsed.
 */
export type Op = number | readonly Op[] | { readonly '=': Json };

const SAME: Op = [];

type Container = Json[] | Record<string, Json>;

/**
 * What changed from `before` to `after`, as the JSON text of its op. An op of objects and lists would
 * be thrown away as soon as it is text, of each worker once a second.
 */
export function difference(before: Json, after: Json): string {
  return changeOf(before, after) ?? NOTHING;
}

const NOTHING = '[]';

/** Null when nothing changed. */
function changeOf(before: Json, after: Json): string | null {
  if (before === after) return null;
  if (isContainer(before)) {
    const ops = isContainer(after) ? within(before, after) : null;
    return ops === null ? anew(after) : ops === NOTHING ? null : ops;
  }
  if (typeof before === 'number' && typeof after === 'number') {
    const grown = after - before;
    if (before + grown === after) return String(grown);
  }
  return sameEmpty(before, after) ? null : anew(after);
}

function anew(value: Json): string {
  return `{"=":${JSON.stringify(value)}}`;
}

/** Null when they are of another shape. */
function within(before: Container, after: Container): string | null {
  if (Array.isArray(before) || Array.isArray(after)) {
    return Array.isArray(before) && Array.isArray(after) ? listed(before, after) : null;
  }
  const keys = Object.keys(before);
  let ops = '';
  let passed = 0;
  let index = 0;
  for (const key in after) {
    if (key !== keys[index++]) return null;
    const op = changeOf(before[key] ?? null, after[key] ?? null);
    if (op === null) passed++;
    else {
      ops += told(ops, passed, op);
      passed = 0;
    }
  }
  return index === keys.length ? `[${ops}]` : null;
}

function listed(before: readonly Json[], after: readonly Json[]): string | null {
  if (before.length !== after.length) return null;
  let ops = '';
  let passed = 0;
  for (let index = 0; index < before.length; index++) {
    const op = changeOf(before[index] ?? null, after[index] ?? null);
    if (op === null) passed++;
    else {
      ops += told(ops, passed, op);
      passed = 0;
    }
  }
  return `[${ops}]`;
}

/** What became of one value, after those that were passed over. */
function told(ops: string, passed: number, op: string): string {
  return ops === '' ? `${passed},${op}` : `,${passed},${op}`;
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
