import { readField } from './chunked.js';
import { addTokens } from '../http/field-syntax.js';

/** How a message tells where its body ends (RFC 9112 §6.3). */
export type Framing =
  | { readonly type: 'none' }
  | { readonly type: 'length'; readonly length: number }
  | { readonly type: 'chunked' }
  /** The end of the connection is the end of the body. */
  | { readonly type: 'close' };

/** What a backend says before the body of an answer. */
export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn, in the order and case in which they came. */
  readonly rawHeaders: readonly string[];
  readonly framing: Framing;
  /** Whether another request may follow on the connection. */
  readonly keepsAlive: boolean;
  /** Seconds an idle connection is kept, where the backend says so. */
  readonly idleSeconds: number | null;
}

/** A client may send the body that it holds back. */
export const CONTINUE: ResponseHead = {
  ...{ status: 100, reason: 'Continue', rawHeaders: [], framing: { type: 'none' } },
  ...{ keepsAlive: true, idleSeconds: null },
};

/**
 * Reads a head, without its empty last line; null when it is not one that RFC 9112 allows. What
 * could be read in two ways is no head: folded lines, two lengths, a length beside a coding.
 */
export function readResponseHead(text: string, method: string): ResponseHead | null {
  const [first = '', ...lines] = text.split('\r\n');
  const start = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/.exec(first);
  if (start === null) return null;
  const status = Number(start[2]);
  const rawHeaders: string[] = [];
  const facts = new Facts();
  for (const line of lines) {
    const field = readField(line);
    if (field === null) return null;
    const [name, value] = field;
    rawHeaders.push(name, value);
    facts.note(name, value);
  }
  const framing = framingOf(facts, status, method, start[1] === '1');
  if (framing === null) return null;
  const isOld = start[1] === '0';
  const keepsAlive =
    framing.type !== 'close' &&
    !facts.options.includes('close') &&
    (!isOld || facts.options.includes('keep-alive'));
  return {
    ...{ status, reason: start[3] ?? '', rawHeaders, framing, keepsAlive },
    idleSeconds: facts.idleSeconds,
  };
}

/** What the fields say about framing and connection. */
class Facts {
  readonly lengths: string[] = [];
  readonly codings: string[] = [];
  readonly options: string[] = [];
  idleSeconds: number | null = null;

  note(name: string, value: string): void {
    switch (name.toLowerCase()) {
      case 'content-length':
        this.lengths.push(value);
        break;
      case 'transfer-encoding':
        this.codings.push(value.toLowerCase());
        break;
      case 'connection':
        addTokens(this.options, value);
        break;
      case 'keep-alive': {
        const seconds = /(?:^|[,\s])timeout=(\d{1,6})(?:$|[,\s])/.exec(value)?.[1];
        if (seconds !== undefined) this.idleSeconds = Number(seconds);
        break;
      }
    }
  }
}

function framingOf(facts: Facts, status: number, method: string, isNew: boolean): Framing | null {
  const length = lengthOf(facts);
  if (length === null || !isCodingKnown(facts, isNew)) return null;
  if (hasNoBody(status, method)) return { type: 'none' };
  if (facts.codings.length > 0) return { type: 'chunked' };
  if (length === undefined) return { type: 'close' };
  return length === 0 ? { type: 'none' } : { type: 'length', length };
}

/** undefined: no length is told; null: it cannot be believed. */
function lengthOf({ lengths, codings }: Facts): number | undefined | null {
  const [length] = lengths;
  if (length === undefined) return undefined;
  // 15 digits are exact as a number.
  const isSure = lengths.length === 1 && codings.length === 0 && /^\d{1,15}$/.test(length);
  return isSure ? Number(length) : null;
}

function isCodingKnown({ codings }: Facts, isNew: boolean): boolean {
  return codings.length === 0 || (codings.length === 1 && codings[0] === 'chunked' && isNew);
}

function hasNoBody(status: number, method: string): boolean {
  return method === 'HEAD' || status < 200 || status === 204 || status === 304;
}
