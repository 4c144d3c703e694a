/**
 * The bytes of a document as they come, whatever their pieces are. A reading is a generator that
 * asks for the next piece by its `yield`, and is given null where there is none.
 */
export type Reading<T> = Generator<null, T, Uint8Array | null>;

/** Where a reading is. */
export interface Source {
  bytes: Uint8Array;
  /** Index of the next byte in `bytes`. */
  at: number;
  /** How many bytes there were in the pieces before. */
  before: number;
}

/** What is not as the format wants it; thrown inside this folder, and an error outside of it. */
export class Malformed extends Error {
  /** Index in the piece that is being read. */
  readonly at: number;

  constructor(problem: string, at: number) {
    super(problem);
    this.at = at;
  }
}

/** Reads one thing of which it need not have all bytes at once. */
export interface Scanner {
  /** Whether its last byte was read. */
  readonly isDone: boolean;
  /** Reads from `at` on; the index of the first byte that is not its own, or the end. */
  feed(bytes: Uint8Array, at: number): number;
}

/** A source that nothing was read of. */
export function emptySource(): Source {
  return { bytes: new Uint8Array(), at: 0, before: 0 };
}

export const CODES = { quote: 0x22, comma: 0x2c, backslash: 0x5c, openList: 0x5b, closeList: 0x5d };

/** Whether JSON lets a byte stand between its words. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Goes on to the next piece; false at the end of the document. */
function* nextPiece(source: Source): Reading<boolean> {
  const next = yield null;
  if (next === null) return false;
  source.before += source.bytes.length;
  source.bytes = next;
  source.at = 0;
  return true;
}

/** Lets a scanner read what is its own. */
export function* scan(source: Source, scanner: Scanner): Reading<void> {
  for (;;) {
    source.at = scanner.feed(source.bytes, source.at);
    if (scanner.isDone) return;
    if (!(yield* nextPiece(source))) throw new Malformed('it ends too early', source.at);
  }
}

/** The next byte that is no space, which is not taken yet; null at the end. */
function* peek(source: Source): Reading<number | null> {
  for (;;) {
    while (source.at < source.bytes.length) {
      const byte = source.bytes[source.at] ?? 0;
      if (!isSpace(byte)) return byte;
      source.at++;
    }
    if (!(yield* nextPiece(source))) return null;
  }
}

/** Takes the next byte, which has to be one of these characters. */
export function* takeOneOf(source: Source, characters: string): Reading<string> {
  const byte = yield* peek(source);
  if (byte === null) throw new Malformed('it ends too early', source.at);
  const character = String.fromCharCode(byte);
  if (!characters.includes(character)) {
    throw new Malformed(`there is no ${characters.split('').join(' or ')} here`, source.at);
  }
  source.at++;
  return character;
}

/** Takes the rest, which has to be empty. */
export function* takeEnd(source: Source): Reading<void> {
  if ((yield* peek(source)) !== null) throw new Malformed('something follows its end', source.at);
}
