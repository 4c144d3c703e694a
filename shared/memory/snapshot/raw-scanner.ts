import { CODES, isSpace, Malformed, type Scanner } from './source.js';

const OPENING = new Set([0x7b, CODES.openList]);
const CLOSING = new Set([0x7d, CODES.closeList]);

/** Reads any JSON value without looking into it, and keeps its bytes up to a limit. */
export class RawScanner implements Scanner {
  isDone = false;

  readonly #limit: number;
  readonly #kept: number[] = [];
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #hasBegun = false;

  /** `limit` 0: nothing is kept, of a value of any length. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What was kept. */
  text(): string {
    return new TextDecoder().decode(Uint8Array.from(this.#kept));
  }

  feed(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0;
      if (this.#isBehind(byte)) {
        if (!this.#hasBegun) throw new Malformed('something is missing here', at);
        this.isDone = true;
        return at;
      }
      this.#read(byte);
      this.#keep(byte, at);
      at++;
      if (this.isDone) return at;
    }
    return at;
  }

  /** Whether the value was a number or a word, which end with what follows. */
  #isBehind(byte: number): boolean {
    if (this.#inString || this.#depth > 0) return false;
    return byte === CODES.comma || CLOSING.has(byte) || (this.#hasBegun && isSpace(byte));
  }

  #read(byte: number): void {
    if (this.#inString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === CODES.backslash) this.#isEscaped = true;
      else if (byte === CODES.quote) {
        this.#inString = false;
        this.isDone = this.#depth === 0;
      }
      return;
    }
    if (!isSpace(byte)) this.#hasBegun = true;
    if (byte === CODES.quote) this.#inString = true;
    else if (OPENING.has(byte)) this.#depth++;
    else if (CLOSING.has(byte)) this.isDone = --this.#depth === 0;
  }

  #keep(byte: number, at: number): void {
    if (this.#limit === 0) return;
    if (this.#kept.length === this.#limit) throw new Malformed('it is too long', at);
    this.#kept.push(byte);
  }
}
