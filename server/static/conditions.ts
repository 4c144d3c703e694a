import type { IncomingHttpHeaders } from 'node:http';

/** What is known of the version that would be sent. */
export interface Version {
  /** A strong entity tag. */
  readonly etag: string;
  /** Milliseconds since 1970, whole seconds. */
  readonly modified: number;
}

/** What a condition of RFC 9110 §13 comes to. */
export type Verdict = 'send' | 'not-modified' | 'failed';

/** Looks at the conditions in the order of RFC 9110 §13.2.2. */
export function evaluate(headers: IncomingHttpHeaders, version: Version): Verdict {
  const match = headers['if-match'];
  if (match !== undefined) {
    // Strong comparison: a weak tag matches nothing.
    if (match.trim() !== '*' && !tags(match).includes(version.etag)) return 'failed';
  } else if (isAfter(version.modified, headers['if-unmodified-since'])) return 'failed';
  const noneMatch = headers['if-none-match'];
  if (noneMatch !== undefined) {
    const isKnown = noneMatch.trim() === '*' || tags(noneMatch).some(isTag(version.etag));
    return isKnown ? 'not-modified' : 'send';
  }
  const since = dateOf(headers['if-modified-since']);
  return since !== null && version.modified <= since ? 'not-modified' : 'send';
}

/**
 * Whether a range may be sent: what the client has is of this version (RFC 9110 §13.1.5). A date
 * must be exactly that of the file, and its second over by `now`: else two versions may share it.
 */
export function isRangeOfThis(
  headers: IncomingHttpHeaders,
  version: Version,
  now: number,
): boolean {
  const condition = headers['if-range'];
  if (condition === undefined) return true;
  const text = String(condition).trim();
  if (text.endsWith('"')) return text === version.etag;
  return dateOf(text) === version.modified && now >= version.modified + 1000;
}

/** The weak comparison of RFC 9110 §8.8.3.2 with a strong tag. */
function isTag(etag: string): (tag: string) => boolean {
  return (tag) => tag === etag || tag === `W/${etag}`;
}

function tags(list: string): readonly string[] {
  return list.match(/(?:W\/)?"[!\x23-\x7e\x80-\xff]*"/g) ?? [];
}

function isAfter(modified: number, date: string | undefined): boolean {
  const limit = dateOf(date);
  return limit !== null && modified > limit;
}

/** Null for what is no date, which is no condition either (RFC 9110 §13.1.3). */
function dateOf(text: string | undefined): number | null {
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? null : time;
}
