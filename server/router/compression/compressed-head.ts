import type { Coding } from '../../static/accepted-codings.js';
import { addTokens } from '../../http/field-syntax.js';
import type { ResponseHead } from '../response-head.js';
import { isCompressible } from './compressible.js';
import type { Wish } from './wish.js';

/** An answer as it goes out. */
export interface Outgoing {
  readonly head: ResponseHead;
  /** How its body is compressed; null: not at all, or there is none. */
  readonly coding: Coding['name'] | null;
}

/** Below it an answer fits into one packet as it is, bytes. */
const MIN_LENGTH = 1024;

/** The content is a part, or there is none. */
const NEVER = new Set([204, 205, 206, 304]);

/** With these the application has said something about the very bytes, or has compressed them. */
const FINAL = new Set([
  'content-encoding',
  'content-range',
  'content-digest',
  'repr-digest',
  'digest',
  'content-md5',
]);

/** What is not true of compressed content: its length, and that parts of it can be had. */
const UNTRUE = new Set(['content-length', 'accept-ranges']);

/**
 * The head of an answer for a client with such a wish. HEAD is told what GET would be. What could
 * have been compressed says so in Vary, to whomever it goes.
 */
export function outgoing(head: ResponseHead, wish: Wish): Outgoing {
  const facts = new Facts(head.rawHeaders);
  if (head.status === 304) return { head: unchanged(head, facts.etag, wish), coding: null };
  if (!mayCompress(head.status, facts)) return { head, coding: null };
  const { coding } = wish;
  if (coding === null) {
    return { head: { ...head, rawHeaders: withVary(head.rawHeaders) }, coding };
  }
  const kept = rewritten(head.rawHeaders, (name, value) => {
    if (UNTRUE.has(name)) return null;
    return name === 'etag' ? weak(value) : value;
  });
  const rawHeaders = [...withVary(kept), 'Content-Encoding', coding];
  if (wish.method === 'HEAD') return { head: { ...head, rawHeaders }, coding: null };
  const framing = head.framing.type === 'length' ? ({ type: 'close' } as const) : head.framing;
  return { head: { ...head, rawHeaders, framing }, coding };
}

/** What the fields of an answer say about compressing it. */
class Facts {
  type = '';
  etag = '';
  length = Infinity;
  /** Whether its bytes must stay as they are. */
  isFinal = false;

  constructor(rawHeaders: readonly string[]) {
    for (let i = 0; i < rawHeaders.length; i += 2) {
      this.#note(rawHeaders[i]?.toLowerCase() ?? '', rawHeaders[i + 1] ?? '');
    }
  }

  #note(name: string, value: string): void {
    if (name === 'content-type') this.type = value;
    else if (name === 'content-length') this.length = Number(value);
    else if (name === 'etag') this.etag = value;
    else if (FINAL.has(name)) this.isFinal = true;
    else if (name === 'cache-control') this.isFinal ||= tokens(value).includes('no-transform');
    // A digest that comes behind the body is one of the body as it was.
    else if (name === 'trailer') this.isFinal ||= tokens(value).some((token) => FINAL.has(token));
  }
}

function mayCompress(status: number, { type, length, isFinal }: Facts): boolean {
  return (
    status >= 200 && !NEVER.has(status) && !isFinal && length >= MIN_LENGTH && isCompressible(type)
  );
}

/** Who has the compressed content asked by its validator, and is told of that one. */
function unchanged(head: ResponseHead, etag: string, { validators }: Wish): ResponseHead {
  if (etag === '' || etag.startsWith('W/') || !validators.includes(weak(etag))) return head;
  const rawHeaders = rewritten(head.rawHeaders, (name, value) =>
    name === 'etag' ? weak(value) : value,
  );
  return { ...head, rawHeaders: withVary(rawHeaders) };
}

/** The same meaning in other bytes (RFC 9110 §8.8.1). */
function weak(etag: string): string {
  return etag.startsWith('W/') ? etag : `W/${etag}`;
}

/** Fields with other values; null leaves one out. */
function rewritten(
  rawHeaders: readonly string[],
  change: (name: string, value: string) => string | null,
): string[] {
  const fields: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = change(name.toLowerCase(), rawHeaders[i + 1] ?? '');
    if (value !== null) fields.push(name, value);
  }
  return fields;
}

/** Caches are told that the answer depends on Accept-Encoding, beside what it depends on already. */
function withVary(rawHeaders: readonly string[]): string[] {
  const names: string[] = [];
  let last = -1;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() !== 'vary') continue;
    addTokens(names, rawHeaders[i + 1] ?? '');
    last = i + 1;
  }
  if (names.includes('*') || names.includes('accept-encoding')) return [...rawHeaders];
  if (names.length === 0) return [...rawHeaders, 'Vary', 'Accept-Encoding'];
  return rawHeaders.map((text, i) => (i === last ? `${text}, Accept-Encoding` : text));
}

function tokens(value: string): string[] {
  const found: string[] = [];
  addTokens(found, value);
  return found;
}
