import { integerIn, textUpTo, wordOf, type Fields } from '../../shared/fields.js';

/** What a worker can record of itself; all but a collection of garbage go into a file. */
export const RECORDING_KINDS = ['cpu', 'gc', 'heap-snapshot', 'heap-profile'] as const;

export type RecordingKind = (typeof RECORDING_KINDS)[number];

/** Asks a worker to record itself; the answer carries the same id. */
export interface ProfileOrder {
  readonly type: 'profile';
  readonly id: number;
  readonly kind: RecordingKind;
  /** How long a profile lasts; 0 for what lasts as long as it takes. */
  readonly seconds: number;
  /** Absolute path of the file to make; nothing is there yet. Empty where there is no file. */
  readonly file: string;
  /** What the recordings in the folder may take together, in bytes. */
  readonly room: number;
}

/** It is done, or why not. */
export interface ProfileFrame {
  readonly type: 'profile';
  readonly id: number;
  /** Null when it went well. */
  readonly problem: string | null;
  /** What was found out, in lines; empty when the file says it all. */
  readonly found: string;
}

/** How far a recording is, in a few words. */
export interface ProfileProgressFrame {
  readonly type: 'profile-progress';
  readonly id: number;
  readonly stage: string;
}

const MAX_SECONDS = 3600;
const MAX_TEXT = 4096;
const MAX_STAGE = 200;

/** Reads what a master asks; null when it is none. */
export function decodeProfileOrder(value: Fields): ProfileOrder | null {
  const id = integerIn(value['id'], 0, Number.MAX_SAFE_INTEGER);
  const kind = wordOf(value['kind'], RECORDING_KINDS);
  const seconds = integerIn(value['seconds'], 0, MAX_SECONDS);
  const file = textUpTo(value['file'], MAX_TEXT);
  const room = integerIn(value['room'], 0, Number.MAX_SAFE_INTEGER);
  if (id === undefined || kind === undefined || seconds === undefined) return null;
  if (file === undefined || room === undefined) return null;
  return { type: 'profile', id, kind, seconds, file, room };
}

/** Reads the answer of a worker; null when it is none. */
export function decodeProfile(value: Fields): ProfileFrame | null {
  const id = integerIn(value['id'], 0, Number.MAX_SAFE_INTEGER);
  const problem = value['problem'] === null ? null : textUpTo(value['problem'], MAX_TEXT);
  const found = textUpTo(value['found'], MAX_TEXT);
  if (id === undefined || problem === undefined || found === undefined) return null;
  return { type: 'profile', id, problem, found };
}

/** Reads how far a worker is; null when it does not say so. */
export function decodeProfileProgress(value: Fields): ProfileProgressFrame | null {
  const id = integerIn(value['id'], 0, Number.MAX_SAFE_INTEGER);
  const stage = textUpTo(value['stage'], MAX_STAGE);
  return id === undefined || stage === undefined ? null : { type: 'profile-progress', id, stage };
}
