import type { Json } from '../../shared/delta.js';

/**
 * Differences between documents of one shape, for memory and not for the wire: names and structure are
 * those of the document before, and what is written are only the leaves, in order. An op is
 * - a number: how much the leaf grew, 0 for not at all,
 * - `[n]`: so many leaves are the same,
 * - `{ "=": value }`: the leaf is replaced,
 * - `{ "*": value, "at": depth }`: the object or array is that begins here, so deep in the document.
 * What is empty counts as a leaf.
 * Of workers under full load this takes a third of what `shared/delta.ts` needs.
 * Law: applied(a, difference(a, b)) equals b.
 */
export type Op = number | readonly [number] | { readonly '=': Json } | Replacement;

interface Replacement {
  readonly '*': Json;
  readonly at: number;
}

type Container = Json[] | Record<string, Json>;

/** What changed from `before` to `after`. */
export function difference(before: Json, after: Json): readonly Op[] {
  const ops: Op[] = [];
  let same = 0;
  const tell = (op: Op): void => {
    if (same > 0) ops.push(same === 1 ? 0 : [same]);
    same = 0;
    ops.push(op);
  };
  const compare = (old: Json, now: Json, depth: number): void => {
    if (isContainer(old)) {
      // Most of a document is the very object that stood in the one before (decodeValue).
      if (old === now) same += leavesIn(old);
      else if (!isContainer(now) || !sameShape(old, now)) tell({ '*': now, at: depth });
      else {
        forEachPair(old, now, (one, other) => {
          compare(one, other, depth + 1);
        });
      }
    } else if (old === now || sameEmpty(old, now)) same++;
    else if (typeof old === 'number' && typeof now === 'number' && old + (now - old) === now) {
      tell(now - old);
    } else tell({ '=': now });
  };
  compare(before, after, 0);
  return ops;
}

/** The document after a difference; what did not change is shared with the one before. */
export function applied(before: Json, ops: readonly Op[]): Json {
  let next = 0;
  let same = 0;
  const take = (): Op | undefined => {
    const op = ops[next];
    next++;
    return op;
  };
  const leaf = (old: Json): Json => {
    if (same > 0) {
      same--;
      return old;
    }
    const op = take();
    if (op === undefined) return old;
    if (typeof op === 'number') return typeof old === 'number' ? old + op : old;
    if (isSame(op)) {
      same = op[0] - 1;
      return old;
    }
    return '=' in op ? op['='] : op['*'];
  };
  const visit = (old: Json, depth: number): Json => {
    if (!isContainer(old)) return leaf(old);
    const op = same > 0 ? undefined : ops[next];
    if (isReplacement(op) && op.at === depth) {
      next++;
      return op['*'];
    }
    return rebuilt(old, (value) => visit(value, depth + 1));
  };
  return visit(before, 0);
}

function isSame(op: Op): op is readonly [number] {
  return Array.isArray(op);
}

function isReplacement(op: Op | undefined): op is Replacement {
  return typeof op === 'object' && !isSame(op) && '*' in op;
}

/** How many leaves there are in something; counted once for each object. */
function leavesIn(value: Json): number {
  if (!isContainer(value)) return 1;
  const known = COUNTED.get(value);
  if (known !== undefined) return known;
  const count = Object.values(value).reduce<number>((sum, each) => sum + leavesIn(each), 0);
  COUNTED.set(value, count);
  return count;
}

const COUNTED = new WeakMap<Container, number>();

function isContainer(value: Json): value is Container {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
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

function forEachPair(a: Container, b: Container, call: (a: Json, b: Json) => void): void {
  const others = Object.values(b);
  Object.values(a).forEach((value, index) => {
    call(value, others[index] ?? null);
  });
}

function rebuilt(container: Container, visit: (value: Json) => Json): Json {
  const changes: Json[] = [];
  const through = (value: Json): Json => {
    const now = visit(value);
    if (now !== value) changes.push(now);
    return now;
  };
  const copy = Array.isArray(container)
    ? container.map(through)
    : Object.fromEntries(
        Object.entries(container).map(([key, value]): [string, Json] => [key, through(value)]),
      );
  return changes.length > 0 ? copy : container;
}
