import { integerIn, textUpTo, wordOf, type Fields } from '../../shared/fields.js';

/** What a worker can write of itself into a file. */
export const PROFILE_KINDS = ['cpu'] as const;

/** Asks a worker to record itself; the answer carries the same id. */
export interface ProfileOrder {
  readonly type: 'profile';
  readonly id: number;
  readonly kind: (typeof PROFILE_KINDS)[number];
  readonly seconds: number;
  /** Absolute path of the file to make; nothing is there yet. */
  readonly file: string;
}

/** The file is written, or why not. */
export interface ProfileFrame {
  readonly type: 'profile';
  readonly id: number;
  /** Null when the file is there. */
  readonly problem: string | null;
}

const MAX_SECONDS = 3600;
const MAX_TEXT = 4096;

/** Reads what a master asks; null when it is none. */
export function decodeProfileOrder(value: Fields): ProfileOrder | null {
  const id = integerIn(value['id'], 0, Number.MAX_SAFE_INTEGER);
  const kind = wordOf(value['kind'], PROFILE_KINDS);
  const seconds = integerIn(value['seconds'], 0, MAX_SECONDS);
  const file = textUpTo(value['file'], MAX_TEXT);
  if (id === undefined || kind === undefined || seconds === undefined) return null;
  return file === undefined ? null : { type: 'profile', id, kind, seconds, file };
}

/** Reads the answer of a worker; null when it is none. */
export function decodeProfile(value: Fields): ProfileFrame | null {
  const id = integerIn(value['id'], 0, Number.MAX_SAFE_INTEGER);
  const problem = value['problem'] === null ? null : textUpTo(value['problem'], MAX_TEXT);
  return id === undefined || problem === undefined ? null : { type: 'profile', id, problem };
}
