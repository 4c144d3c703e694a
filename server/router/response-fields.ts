import { addTokens } from '../http/field-syntax.js';
import { HOP_BY_HOP_NAMES, isHopByHop, isNamed, namesNothing } from '../http/fields.js';
import type { ResponseHead } from './response-head.js';

/**
 * The fields of an answer as the client gets them: without those of the worker's connection, and
 * without what only makes sense with a framing that the client does not get.
 */
export function responseFields(
  head: Pick<ResponseHead, 'status' | 'rawHeaders'>,
  keepsTrailers: boolean,
): string[] {
  const { rawHeaders } = head;
  const kept: string[] = [];
  let options: string[] | null = null;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = rawHeaders[i + 1] ?? '';
    if (isOfNote(name.length)) {
      const lower = name.toLowerCase();
      if (lower === 'connection' && !namesNothing(value)) addTokens((options ??= []), value);
      if (isLeftOut(lower, head.status, keepsTrailers)) continue;
    }
    kept.push(name, value);
  }
  return options === null ? kept : withoutNamed(kept, options);
}

function isLeftOut(lower: string, status: number, keepsTrailers: boolean): boolean {
  if (lower === 'trailer') return !keepsTrailers;
  // RFC 9110 §8.6: there is no length to tell.
  if (lower === 'content-length') return status === 204;
  return isHopByHop(lower) && !isChallenge(lower);
}

/** The lengths of the names that are looked at here; all others are passed on. */
const LENGTHS = new Set([...HOP_BY_HOP_NAMES, 'trailer', 'content-length'].map((n) => n.length));
const OF_NOTE = Uint8Array.from({ length: 1 + Math.max(...LENGTHS) }, (_, n) =>
  Number(LENGTHS.has(n)),
);

function isOfNote(length: number): boolean {
  return OF_NOTE[length] === 1;
}

/** A worker that is itself a proxy asks its clients, and not this router. */
function isChallenge(name: string): boolean {
  return name === 'proxy-authenticate';
}

function withoutNamed(fields: readonly string[], options: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] ?? '';
    if (!isNamed(options, name.toLowerCase())) kept.push(name, fields[i + 1] ?? '');
  }
  return kept;
}
