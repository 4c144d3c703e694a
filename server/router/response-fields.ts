import { addTokens } from '../http/field-syntax.js';
import { isHopByHop, isNamed } from '../http/fields.js';
import type { ResponseHead } from './response-head.js';

/**
 * The fields of an answer as the client gets them: without those of the worker's connection, and
 * without what only makes sense with a framing that the client does not get.
 */
export function responseFields(
  head: Pick<ResponseHead, 'status' | 'rawHeaders'>,
  keepsTrailers: boolean,
): string[] {
  const { rawHeaders, status } = head;
  const options: string[] = [];
  const kept: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = rawHeaders[i + 1] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'connection') addTokens(options, value);
    if (isHopByHop(lower) && !isChallenge(lower)) continue;
    if (lower === 'trailer' && !keepsTrailers) continue;
    // RFC 9110 §8.6: there is no length to tell.
    if (lower === 'content-length' && status === 204) continue;
    kept.push(name, value);
  }
  return options.length === 0 ? kept : withoutNamed(kept, options);
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
