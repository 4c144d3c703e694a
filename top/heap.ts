import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How V8 keeps house for a program that draws a picture once a second, and is left open for days. */

/**
 * Sets V8's flags; has to come before anything else is loaded. What is drawn once a second leaves some
 * megabytes behind each time: V8 would let them pile up to five times what is in use before it looks.
 * And it would make machine code of most of the program in its first minutes, in threads of its own,
 * which costs as much of a core as all the drawing does: what runs once a second is worth that later.
 * docs/benchmarks.md has the figures.
 */
export function tuneHeap(): void {
  for (const flag of flagsOf(process.versions.v8)) setFlagsFromString(flag);
}

/** The flags of a V8; of one that is not known none, since it would complain on the terminal. */
export function flagsOf(version: string): readonly string[] {
  const major = Number.parseInt(version);
  if (!(major >= 11 && major <= 13)) return [];
  const collected = ['--semi-space-growth-factor=1', '--heap-growing-percent=20'];
  // Fifteen times what is usual: Node 20 counts bytecode, from Node 22 on calls are counted.
  if (version.startsWith('11.3.')) return [...collected, '--interrupt-budget=1000000'];
  return major === 11 ? collected : [...collected, '--invocation-count-for-turbofan=45000'];
}

let collect: ((options: { readonly type: 'minor' }) => void) | undefined;

/**
 * Collects what was young and is of no use any more: a few milliseconds, which are better spent when
 * a picture is out than in the middle of the next one.
 */
export function collectYoung(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as typeof collect;
  }
  collect?.({ type: 'minor' });
}
