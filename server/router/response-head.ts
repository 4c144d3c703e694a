import { addTokens, trimSpace } from '../http/field-syntax.js';

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

/** One way to match and none back: each class ends where the next begins. */
const HEAD =
  /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?(?:\r\n[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*)*$/;

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
  const start = HEAD.exec(text);
  if (start === null) return null;
  const [, minor = '', digits = '', reason = ''] = start;
  const status = Number(digits);
  const rawHeaders: string[] = [];
  const facts = new Facts();
  for (let at = text.indexOf('\r'); at >= 0;) {
    const colon = text.indexOf(':', at);
    const next = text.indexOf('\r', colon);
    const name = text.slice(at + 2, colon);
    const value = trimSpace(text, colon + 1, next < 0 ? text.length : next);
    rawHeaders.push(name, value);
    facts.note(name, value);
    at = next;
  }
  const framing = framingOf(facts, status, method, minor === '1');
  if (framing === null) return null;
  const { options, idleSeconds } = facts;
  const keepsAlive =
    framing.type !== 'close' &&
    !options.includes('close') &&
    (minor === '1' || options.includes('keep-alive'));
  // Written out: objects that are put together from others are slow to make, and to read.
  return { status, reason, rawHeaders, framing, keepsAlive, idleSeconds };
}

const NO_OPTIONS: readonly string[] = [];

/** What the fields say about framing and connection. */
class Facts {
  /** Lines with a length, and the last of them. */
  lengths = 0;
  length = '';
  /** Lines with a coding, and the last of them in lower case. */
  codings = 0;
  coding = '';
  options = NO_OPTIONS;
  idleSeconds: number | null = null;

  /** Most names are passed over by their length. */
  note(name: string, value: string): void {
    switch (name.length) {
      case 10:
        this.#noteConnection(name.toLowerCase(), value);
        break;
      case 14:
        if (name.toLowerCase() !== 'content-length') break;
        this.lengths++;
        this.length = value;
        break;
      case 17:
        if (name.toLowerCase() !== 'transfer-encoding') break;
        this.codings++;
        this.coding = value.toLowerCase();
        break;
    }
  }

  #noteConnection(name: string, value: string): void {
    if (name === 'connection') {
      const options = [...this.options];
      addTokens(options, value);
      this.options = options;
    } else if (name === 'keep-alive') {
      const seconds = /(?:^|[,\s])timeout=(\d{1,6})(?:$|[,\s])/.exec(value)?.[1];
      if (seconds !== undefined) this.idleSeconds = Number(seconds);
    }
  }
}

const NO_BODY: Framing = { type: 'none' };
const CHUNKED: Framing = { type: 'chunked' };
const TO_THE_END: Framing = { type: 'close' };

function framingOf(facts: Facts, status: number, method: string, isNew: boolean): Framing | null {
  const length = lengthOf(facts);
  if (length === null || !isCodingKnown(facts, isNew)) return null;
  if (hasNoBody(status, method)) return NO_BODY;
  if (facts.codings > 0) return CHUNKED;
  if (length === undefined) return TO_THE_END;
  return length === 0 ? NO_BODY : { type: 'length', length };
}

/** undefined: no length is told; null: it cannot be believed. */
function lengthOf({ lengths, length, codings }: Facts): number | undefined | null {
  if (lengths === 0) return undefined;
  // 15 digits are exact as a number.
  const isSure = lengths === 1 && codings === 0 && /^\d{1,15}$/.test(length);
  return isSure ? Number(length) : null;
}

function isCodingKnown({ codings, coding }: Facts, isNew: boolean): boolean {
  return codings === 0 || (codings === 1 && coding === 'chunked' && isNew);
}

function hasNoBody(status: number, method: string): boolean {
  return method === 'HEAD' || status < 200 || status === 204 || status === 304;
}
