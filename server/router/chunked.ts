import { isFieldName, isFieldValue, trimSpace } from '../http/field-syntax.js';

/** What a decoder tells of a body. */
export interface BodySink {
  data(chunk: Buffer): void;
  /** The body is complete; trailers as `rawHeaders` has them. */
  end(trailers: readonly string[]): void;
}

type Place = 'size' | 'data' | 'after-data' | 'trailers' | 'done';

/** A line with chunk extensions, and all trailers together. */
const MAX_LINE = 8_192;
const MAX_TRAILERS = 16_384;

/**
 * Takes the chunked coding off a body (RFC 9112 §7.1), strictly: sizes of hexadecimal digits only,
 * every line ended by CR LF, nothing between data and its end. Bytes may be cut anywhere.
 */
export class ChunkedDecoder {
  readonly #sink: BodySink;
  #place: Place = 'size';
  #left = 0;
  /** The beginning of a line whose end has not come. */
  #line = '';
  #trailers: string[] = [];
  #trailerBytes = 0;

  constructor(sink: BodySink) {
    this.#sink = sink;
  }

  /** Takes bytes from `from` on and returns where the body ended or the bytes did; -1: faulty. */
  feed(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && this.#place !== 'done') {
      if (this.#place === 'data') {
        at = this.#takeData(bytes, at);
        continue;
      }
      const end = bytes.indexOf(0x0a, at);
      this.#line += bytes.toString('latin1', at, end < 0 ? bytes.length : end + 1);
      if (this.#line.length > MAX_LINE) return -1;
      if (end < 0) return bytes.length;
      at = end + 1;
      if (!this.#line.endsWith('\r\n')) return -1;
      const line = this.#line.slice(0, -2);
      this.#line = '';
      if (!this.#takeLine(line)) return -1;
    }
    return at;
  }

  #takeData(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left);
    this.#left -= end - at;
    if (this.#left === 0) this.#place = 'after-data';
    this.#sink.data(bytes.subarray(at, end));
    return end;
  }

  #takeLine(line: string): boolean {
    switch (this.#place) {
      case 'size':
        return this.#takeSize(line);
      case 'after-data':
        this.#place = 'size';
        return line === '';
      case 'trailers':
        return this.#takeTrailer(line);
      case 'data':
      case 'done':
        return false;
    }
  }

  #takeSize(line: string): boolean {
    // 12 digits are 256 TiB, and exact as a number.
    const match = /^([0-9a-fA-F]{1,12})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/.exec(line);
    if (match === null) return false;
    this.#left = parseInt(match[1] ?? '', 16);
    this.#place = this.#left === 0 ? 'trailers' : 'data';
    return true;
  }

  #takeTrailer(line: string): boolean {
    if (line === '') {
      this.#place = 'done';
      this.#sink.end(this.#trailers);
      return true;
    }
    this.#trailerBytes += line.length;
    const field = readField(line);
    if (field === null || this.#trailerBytes > MAX_TRAILERS) return false;
    this.#trailers.push(...field);
    return true;
  }
}

/** A header line without its end, as name and value; null when it is none. */
export function readField(line: string): readonly [name: string, value: string] | null {
  const colon = line.indexOf(':');
  if (colon < 1) return null;
  const name = line.slice(0, colon);
  const value = trimSpace(line, colon + 1, line.length);
  return isFieldName(name) && isFieldValue(value) ? [name, value] : null;
}
