import type { MemoryPoint } from '../../shared/memory/points.js';
import type { Verdict } from '../../shared/memory/verdict.js';
import type { Seeded } from './seeded.js';

/** Processes of which it is known what their memory does. */

const MB = 1024 * 1024;

export type Behaviour = (typeof BEHAVIOURS)[number];

export const BEHAVIOURS = [
  'heap leak',
  'buffer leak',
  'native leak',
  'leak after a warm-up',
  'cache that warms up',
  'cache that fills up',
  'sawtooth',
  'one step',
  'none',
] as const;

/** A process, and how fast it truly grows: bytes a second and for a request. */
export interface Generated {
  readonly points: readonly MemoryPoint[];
  readonly perSecond: number;
  readonly perRequest: number;
}

/** Bytes that each request of a leak leaves. */
const LEFT = 1024;

/** What remains of the memory that a behaviour takes, `t` seconds after its start. */
function aliveOf(behaviour: Behaviour, random: Seeded, rate: number): (t: number) => number {
  const size = (20 + 60 * random.next()) * MB;
  const tau = 40 + 100 * random.next();
  const full = 120 + 180 * random.next();
  switch (behaviour) {
    case 'heap leak':
    case 'buffer leak':
    case 'native leak':
      return (t) => LEFT * rate * t;
    case 'leak after a warm-up':
      return (t) => LEFT * rate * t + size * (1 - Math.exp(-t / 20));
    case 'cache that warms up':
      return (t) => size * (1 - Math.exp(-t / tau));
    case 'cache that fills up':
      return (t) => size * Math.min(1, t / full);
    case 'one step':
      return (t) => (t < full ? 0 : size / 2);
    case 'sawtooth':
    case 'none':
      return () => 0;
  }
}

/**
 * A look every `every` seconds for `seconds`. Garbage makes teeth of its own on the heap, of which
 * the resident size sees a part; both have noise.
 */
export function generate(
  behaviour: Behaviour,
  random: Seeded,
  { seconds = 600, every = 5 }: { readonly seconds?: number; readonly every?: number } = {},
): Generated {
  const rate = 40 + 160 * random.next();
  const alive = aliveOf(behaviour, random, rate);
  const tooth = behaviour === 'none' ? 0 : (behaviour === 'sawtooth' ? 24 : 8) * MB;
  const period = 12 + 28 * random.next();
  const phase = random.next();
  const base = (50 + 100 * random.next()) * MB;
  const noise = (most: number): number => (random.next() + random.next() - 1) * most;
  const isExternal = behaviour === 'buffer leak';
  const isNative = behaviour === 'native leak';
  const points = Array.from({ length: Math.floor(seconds / every) + 1 }, (_, index) => {
    const t = index * every;
    const garbage = tooth * ((t / period + phase) % 1);
    const grown = alive(t);
    return {
      t,
      rss: Math.round(base + grown + garbage * 0.5 + noise(MB)),
      pss: null,
      uss: null,
      heap: Math.round(20 * MB + (isExternal || isNative ? 0 : grown) + garbage + noise(MB / 4)),
      external: Math.round(3 * MB + (isExternal ? grown : 0) + noise(MB / 8)),
      requests: Math.round(rate * t + noise(rate)),
    };
  });
  const leaks = behaviour.includes('leak');
  return { points, perSecond: leaks ? LEFT * rate : 0, perRequest: leaks ? LEFT : 0 };
}

/** What may be said of each after ten minutes. */
export const RIGHT_VERDICTS: readonly (readonly [Behaviour, readonly Verdict[]])[] = [
  ['heap leak', ['leak']],
  ['buffer leak', ['leak']],
  ['native leak', ['leak']],
  ['leak after a warm-up', ['leak', 'suspect']],
  ['cache that warms up', ['warm-up']],
  ['cache that fills up', ['warm-up']],
  ['sawtooth', ['none']],
  ['none', ['none']],
];
