import { VALUE_PROBLEMS } from './option-problems.js';
import type { Problem } from './problem.js';
import { err, ok, type Result } from './result.js';

/**
 * Numbers as people write them for an option that has a unit: `90`, `90s` and `1.5m` are the same
 * number of seconds, `512M` is half a gigabyte whether the option counts in bytes or in megabytes.
 */

const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
const BYTES = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

interface Kind {
  /** What it is a number of, for messages. */
  readonly of: string;
  readonly suffixes: Readonly<Record<string, number>>;
  /** What a number without a suffix is, in what the suffixes are. */
  readonly one: number;
  readonly examples: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  s: { of: 'seconds', suffixes: SECONDS, one: 1, examples: '90, 90s, 5m, 2h or 1d' },
  ms: { of: 'milliseconds', suffixes: SECONDS, one: 0.001, examples: '250, 250ms, 2s or 1m' },
  bytes: { of: 'bytes', suffixes: BYTES, one: 1, examples: '4096, 64K, 512M or 2G' },
  MB: { of: 'megabytes', suffixes: BYTES, one: BYTES.m, examples: '512, 512M or 2G' },
};

/** How a number of this unit may be written, for help; null where only plain numbers are taken. */
export function quantityExamples(unit: string): string | null {
  return KINDS[unit]?.examples ?? null;
}

/** What may be given. */
export interface QuantityKind {
  /** `s`, `ms`, `bytes` or `MB`; with any other, or none, only plain numbers are taken. */
  readonly unit?: string | undefined;
  /** Whether it must be a whole number of its unit. */
  readonly whole: boolean;
}

/**
 * The number that is meant, in its unit. Bytes grow by 1,024, and may be written `K`, `KB` or `KiB`.
 * The error is the end of a sentence about the value: what it is not, and what could be written.
 */
export function parseQuantity(
  text: string,
  { unit, whole }: QuantityKind,
): Result<number, Problem> {
  const kind = unit === undefined ? undefined : KINDS[unit];
  const match = /^(-?\d+(?:\.\d+)?)([a-z]*)$/i.exec(text);
  const factor = factorOf(kind, match?.[2] ?? '');
  if (match !== null && factor !== undefined) {
    const number = Number(match[1]);
    // 250 times 0.001 by 0.001 has a tail of noise.
    const value = factor === 1 ? number : Number((number * factor).toPrecision(15));
    if (!whole || Number.isSafeInteger(value)) return ok(value);
  }
  const what = whole ? 'a whole number' : 'a number';
  return err(
    kind === undefined
      ? VALUE_PROBLEMS.noNumber(what, whole ? '4' : '4 or 0.5')
      : VALUE_PROBLEMS.noQuantity(`${what} of ${kind.of}`, kind.examples),
  );
}

function factorOf(kind: Kind | undefined, suffix: string): number | undefined {
  if (suffix === '') return 1;
  if (kind === undefined) return undefined;
  const word = suffix.toLowerCase();
  const name = kind.suffixes === BYTES ? word.replace(/(?<=[kmgt])i?b$/, '') : word;
  if (!Object.hasOwn(kind.suffixes, name)) return undefined;
  const factor = kind.suffixes[name];
  return factor === undefined ? undefined : factor / kind.one;
}
