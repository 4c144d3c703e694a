import type inspector from 'node:inspector';
import { bytes } from '../../../shared/units.js';

type Node = inspector.HeapProfiler.SamplingHeapProfileNode;

/** Functions that are named, and characters of each line, so that all fit into a message. */
const SHOWN = { functions: 15, characters: 200 } as const;

/** A function and what it allocated by itself. */
export interface Allocator {
  readonly name: string;
  readonly place: string;
  readonly bytes: number;
}

/** Every function with what it allocated by itself, wherever it was called from; most first. */
export function allocators(head: Node): Allocator[] {
  const found = new Map<string, Allocator>();
  const open: Node[] = [head];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    open.push(...node.children);
    if (node.selfSize === 0) continue;
    const { functionName, url, lineNumber, columnNumber } = node.callFrame;
    const name = functionName === '' ? '(anonymous)' : functionName;
    const file = url.replace(/^file:\/\//, '');
    const place = file === '' ? '' : `${file}:${lineNumber + 1}:${columnNumber + 1}`;
    const key = `${name}\n${place}`;
    found.set(key, { name, place, bytes: (found.get(key)?.bytes ?? 0) + node.selfSize });
  }
  return [...found.values()].sort((a, b) => b.bytes - a.bytes);
}

/** What was allocated, and by whom: a line for all, then one for each of the top functions. */
export function describeTop({ head }: { readonly head: Node }): string {
  const all = allocators(head);
  if (all.length === 0) return 'no allocation was sampled';
  const total = all.reduce((sum, each) => sum + each.bytes, 0);
  const lines = all
    .slice(0, SHOWN.functions)
    .map(({ name, place, bytes: own }) =>
      printable(
        `${bytes(own).padStart(6)} ${`${((100 * own) / total).toFixed(1)}%`.padStart(6)}  ${name}${place === '' ? '' : ` (${place})`}`,
      ),
    );
  return [`about ${bytes(total)} allocated, most by`, ...lines].join('\n');
}

/** Names come from the application, and end up in terminals. */
function printable(text: string): string {
  const safe = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
  if (safe.length <= SHOWN.characters) return safe;
  // The end of a path tells more than its beginning.
  const half = SHOWN.characters / 2;
  return `${safe.slice(0, half - 2)}...${safe.slice(1 - half)}`;
}
