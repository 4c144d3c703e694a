import { isFields } from '../../shared/fields.js';

/** What only a process itself knows of its memory, as its main thread saw it last. */
export interface Inside {
  /** When it looked: milliseconds of the clock that all processes of a machine share. */
  readonly lookedAt: number;
  /** Bytes. */
  readonly external: number;
  readonly arrayBuffers: number;
  readonly malloced: number;
  readonly nativeContexts: number;
  readonly detachedContexts: number;
  /** Null where Node does not tell. */
  readonly handles: number | null;
  readonly activeRequests: number | null;
  /** In the order of `GC_FIELDS`; milliseconds in tenths. */
  readonly gc: readonly number[];
  /** Of each space of the heap: V8's name, bytes in use, bytes taken. */
  readonly spaces: readonly (readonly [name: string, used: number, size: number])[];
}

/** What is told of collections: how many there were of each kind, and how long they took. */
export const GC_FIELDS = [
  'minor_count',
  'minor_ms',
  'major_count',
  'major_ms',
  'incremental_count',
  'incremental_ms',
  'weak_count',
  'weak_ms',
] as const;

/** Spaces of the heap that are told; V8 has nine to fourteen. */
export const MAX_SPACES = 20;

const COUNTS = [
  'lookedAt',
  'external',
  'arrayBuffers',
  'malloced',
  'nativeContexts',
  'detachedContexts',
] as const;

/** Whether a value from the wire is what a worker says of its inside. */
export function isInside(value: unknown): value is Inside {
  if (!isFields(value)) return false;
  const { handles, activeRequests, gc, spaces } = value;
  return (
    COUNTS.every((name) => isCount(value[name])) &&
    [handles, activeRequests].every((count) => count === null || isCount(count)) &&
    isList(gc, GC_FIELDS.length) &&
    gc.length === GC_FIELDS.length &&
    gc.every(isCount) &&
    isList(spaces, MAX_SPACES) &&
    spaces.every(isSpace)
  );
}

function isList(value: unknown, most: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= most;
}

function isSpace(value: unknown): boolean {
  if (!isList(value, 3) || value.length !== 3) return false;
  const [name, used, size] = value;
  // It becomes a label of a metric.
  return (
    typeof name === 'string' &&
    /^[a-z][a-z0-9_]{0,39}$/.test(name) &&
    isCount(used) &&
    isCount(size)
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
