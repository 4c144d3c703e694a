import { CODES, isSpace, Malformed, type Scanner } from './source.js';

/** Where in a list a scanner is. */
type Place = 'begin' | 'first' | 'value' | 'number' | 'after';

/** Reads a list of whole numbers, so many a row, and keeps none of them. */
export class RowsScanner implements Scanner {
  isDone = false;
  /** How many rows were whole. */
  rows = 0;

  readonly #row: Float64Array;
  readonly #take: (row: Float64Array, index: number) => void;
  #place: Place = 'begin';
  #column = 0;
  #value = 0;

  /** `take` gets each row in the same array; what it throws says where as it likes. */
  constructor(width: number, take: (row: Float64Array, index: number) => void) {
    this.#row = new Float64Array(width);
    this.#take = take;
  }

  feed(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length && !this.isDone) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x30 && byte <= 0x39) this.#digit(byte - 0x30, at);
      else this.#other(byte, at);
      at++;
    }
    return at;
  }

  #digit(digit: number, at: number): void {
    if (this.#place === 'number') {
      if (this.#value === 0) throw new Malformed('a number begins with 0', at);
      this.#value = this.#value * 10 + digit;
      if (this.#value > Number.MAX_SAFE_INTEGER) throw new Malformed('a number is too large', at);
    } else if (this.#place === 'value' || this.#place === 'first') {
      this.#value = digit;
      this.#place = 'number';
    } else {
      throw new Malformed('there is no list of numbers here', at);
    }
  }

  #other(byte: number, at: number): void {
    if (this.#place === 'number') this.#ended(at);
    if (isSpace(byte)) return;
    if (byte === CODES.comma && this.#place === 'after') this.#place = 'value';
    else if (byte === CODES.openList && this.#place === 'begin') this.#place = 'first';
    else if (byte === CODES.closeList && (this.#place === 'after' || this.#place === 'first')) {
      this.#close(at);
    } else throw new Malformed('there is no whole number here', at);
  }

  #ended(at: number): void {
    this.#place = 'after';
    this.#row[this.#column++] = this.#value;
    if (this.#column < this.#row.length) return;
    this.#column = 0;
    try {
      this.#take(this.#row, this.rows);
    } catch (error) {
      throw error instanceof RowProblem ? new Malformed(error.message, at) : error;
    }
    this.rows++;
  }

  #close(at: number): void {
    if (this.#column > 0) throw new Malformed('the last row of numbers is not whole', at);
    this.isDone = true;
  }
}

/** What is wrong with a row; the scanner knows where it is. */
export class RowProblem extends Error {}
