import { CODES, isSpace, Malformed, type Scanner } from './source.js';

/** A name is cut after so many bytes of its JSON. */
const MOST_BYTES = 800;

/** Where in a list of strings a scanner is. */
type Place = 'begin' | 'first' | 'value' | 'inside' | 'escaped' | 'after';

/** Reads a list of strings, and keeps those that are wanted, cut where they are very long. */
export class StringsScanner implements Scanner {
  isDone = false;
  /** How many strings there are. */
  count = 0;

  readonly #isWanted: (index: number) => boolean;
  readonly #take: (index: number, text: string) => void;
  readonly #kept = new Uint8Array(MOST_BYTES);
  #length = 0;
  #isKept = false;
  #place: Place = 'begin';

  constructor(isWanted: (index: number) => boolean, take: (index: number, text: string) => void) {
    this.#isWanted = isWanted;
    this.#take = take;
  }

  feed(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length && !this.isDone) {
      const byte = bytes[at] ?? 0;
      if (this.#place === 'inside') this.#inside(byte, at);
      else if (this.#place === 'escaped') {
        this.#keep(byte);
        this.#place = 'inside';
      } else if (!isSpace(byte)) this.#between(byte, at);
      at++;
    }
    return at;
  }

  #inside(byte: number, at: number): void {
    if (byte === CODES.quote) this.#ended(at);
    else if (byte < 0x20) throw new Malformed('a string has a control character', at);
    else {
      this.#keep(byte);
      if (byte === CODES.backslash) this.#place = 'escaped';
    }
  }

  #between(byte: number, at: number): void {
    const isFirst = this.#place === 'first';
    if (byte === CODES.quote && (isFirst || this.#place === 'value')) {
      this.#place = 'inside';
      this.#length = 0;
      this.#isKept = this.#isWanted(this.count);
    } else if (byte === CODES.comma && this.#place === 'after') this.#place = 'value';
    else if (byte === CODES.openList && this.#place === 'begin') this.#place = 'first';
    else if (byte === CODES.closeList && (isFirst || this.#place === 'after')) this.isDone = true;
    else throw new Malformed('there is no string here', at);
  }

  #keep(byte: number): void {
    if (this.#isKept && this.#length < MOST_BYTES) this.#kept[this.#length++] = byte;
  }

  #ended(at: number): void {
    if (this.#isKept) this.#take(this.count, this.#text(at));
    this.count++;
    this.#place = 'after';
  }

  /** A string that was cut may have lost the rest of its last escape. */
  #text(at: number): string {
    const json = new TextDecoder().decode(this.#kept.subarray(0, this.#length));
    const whole =
      this.#length < MOST_BYTES ? json : json.replace(/(?<!\\)((?:\\\\)*)\\u?[^\\]{0,3}$/, '$1');
    try {
      return JSON.parse(`"${whole}"`) as string;
    } catch {
      throw new Malformed(`string ${this.count} is not as JSON writes it`, at);
    }
  }
}
