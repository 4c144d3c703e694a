import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Coding } from './accepted-codings.js';
import { evaluate, isRangeOfThis } from './conditions.js';
import { type ByteRange, readRange } from './range.js';

/** What answers a request, in whatever version of HTTP. */
export interface StaticAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  /**
   * Small files are read whole, which costs a fraction of a stream. Who does not send a stream
   * destroys it, and its file is closed.
   */
  readonly body: Buffer | Readable | null;
}

/** A file as it is told of in an answer. */
export interface FileFacts {
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly type: string;
  /** How it is compressed; null when it is not. */
  readonly coding: Coding | null;
  /** Whether other clients may get it compressed, or not compressed. */
  readonly varies: boolean;
  /** Seconds; null: nothing is said of it. */
  readonly expires: number | null;
}

/** The head of an answer, and which bytes follow it: none for null. */
export interface Head {
  readonly status: number;
  readonly headers: StaticAnswer['headers'];
  readonly range: ByteRange | null;
}

const NS_PER_S = 1_000_000_000n;

/** Answers a GET or HEAD of a file: RFC 9110 §13 (conditions) and §14 (ranges). */
export function headOf(
  method: string,
  headers: IncomingHttpHeaders,
  file: FileFacts,
  now: number,
): Head {
  const version = { etag: etagOf(file), modified: Number(file.mtimeNs / NS_PER_S) * 1000 };
  const common = {
    ETag: version.etag,
    'Last-Modified': new Date(version.modified).toUTCString(),
    ...(file.varies && { Vary: 'Accept-Encoding' }),
    ...(file.expires !== null && lifetime(file.expires, now)),
  };
  const verdict = evaluate(headers, version);
  if (verdict === 'not-modified') return { status: 304, headers: common, range: null };
  if (verdict === 'failed') return { status: 412, headers: { 'Content-Length': 0 }, range: null };
  const range = rangeOf(method, headers, file, isRangeOfThis(headers, version, now));
  if (range === 'none') {
    return { status: 416, headers: unsatisfied(file), range: null };
  }
  const { first, last } = range ?? { first: 0, last: file.size - 1 };
  const partial = range !== null && { 'Content-Range': `bytes ${first}-${last}/${file.size}` };
  return {
    status: range === null ? 200 : 206,
    headers: { ...common, ...content(file), 'Content-Length': last - first + 1, ...partial },
    range: method === 'HEAD' || file.size === 0 ? null : { first, last },
  };
}

/** RFC 9110 §14.2: a range is defined for GET alone. */
function rangeOf(
  method: string,
  { range }: IncomingHttpHeaders,
  { size }: FileFacts,
  isOfThis: boolean,
): ReturnType<typeof readRange> {
  return method === 'GET' && isOfThis ? readRange(range, size) : null;
}

function unsatisfied({ size }: FileFacts): Record<string, string | number> {
  return { 'Content-Range': `bytes */${size}`, 'Content-Length': 0 };
}

/** What is said of the content, and not of the file. */
function content({ type, coding }: FileFacts): Record<string, string> {
  return {
    'Content-Type': type,
    // A browser must not take an upload for a page because it looks like one.
    'X-Content-Type-Options': 'nosniff',
    ...(coding !== null && { 'Content-Encoding': coding.name }),
    'Accept-Ranges': 'bytes',
  };
}

/**
 * Strong: nanoseconds tell two writes apart, and each coding has a tag of its own, as RFC 9110
 * §8.8.3.3 wants.
 */
function etagOf({ size, mtimeNs, coding }: FileFacts): string {
  const suffix = coding === null ? '' : `-${coding.name}`;
  return `"${mtimeNs.toString(36)}-${size.toString(36)}${suffix}"`;
}

function lifetime(seconds: number, now: number): Record<string, string> {
  return {
    Expires: new Date(now + seconds * 1000).toUTCString(),
    'Cache-Control': `max-age=${seconds}`,
  };
}

const REFUSALS = {
  400: 'the path is not one that a file could have',
  403: 'this is nothing that is served',
  404: 'there is no such file',
  500: 'the file cannot be read',
  503: 'too many files are open',
} as const;

/** Answers that no file is served. */
export function refuseFile(status: keyof typeof REFUSALS): StaticAnswer {
  const body = Buffer.from(`${REFUSALS[status]}\n`);
  return {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': body.length,
      ...(status === 503 && { 'Retry-After': 1 }),
    },
    body,
  };
}
