import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { BodyMemory } from './body-memory.js';

/** What a body takes of the memory at first; it is doubled as the body grows. */
const FIRST = 4_096;
/** The most that one body takes; what is beyond it goes to a file. */
export const MOST_IN_MEMORY = 131_072;
/** Bytes that are read of a file at once. */
const PIECE = 65_536;

/**
 * The body of a request until its end: in memory while it is small and there is some, and in a file
 * beyond that. It is copied, since a piece of a few bytes can hold on to all that was read with it.
 */
export class HeldBody {
  readonly #memory: BodyMemory;
  readonly #openFile: () => Promise<FileHandle>;
  #buffer = Buffer.alloc(0);
  /** Bytes of the buffer, which are the last ones of the body. */
  #used = 0;
  #file: FileHandle | null = null;
  /** Bytes in the file. */
  #written = 0;
  #isDiscarded = false;
  #reading: Readable | null = null;

  constructor(memory: BodyMemory, openFile: () => Promise<FileHandle>) {
    this.#memory = memory;
    this.#openFile = openFile;
  }

  get length(): number {
    return this.#written + this.#used;
  }

  get isInFile(): boolean {
    return this.#file !== null;
  }

  /** Takes the next piece: at once (null), or when the file has it, which may fail. */
  take(piece: Buffer): Promise<void> | null {
    if (!this.#hasRoom(this.#used + piece.length)) return this.#write(piece);
    piece.copy(this.#buffer, this.#used);
    this.#used += piece.length;
    return null;
  }

  /** Reads all of it; an error of the stream means that the rest is lost. */
  read(): Readable {
    const reading = Readable.from(this.#pieces(), { objectMode: false });
    this.#reading = reading.once('close', () => {
      this.discard();
    });
    return reading;
  }

  /** Gives back what it takes. */
  discard(): void {
    if (this.#isDiscarded) return;
    this.#isDiscarded = true;
    this.#memory.give(this.#buffer.length);
    this.#buffer = Buffer.alloc(0);
    this.#used = 0;
    this.#reading?.destroy();
    void this.#file?.close().catch(() => undefined);
  }

  #hasRoom(needed: number): boolean {
    if (needed <= this.#buffer.length) return true;
    if (needed > MOST_IN_MEMORY) return false;
    let size = Math.max(FIRST, this.#buffer.length);
    while (size < needed) size *= 2;
    if (!this.#memory.take(size - this.#buffer.length)) return false;
    const larger = Buffer.allocUnsafeSlow(size);
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
    return true;
  }

  async #write(piece: Buffer): Promise<void> {
    const file = (this.#file ??= await this.#openFile());
    if (this.#isDiscarded) {
      // Its client left meanwhile.
      await file.close();
      return;
    }
    await this.#append(file, this.#buffer.subarray(0, this.#used));
    this.#used = 0;
    await this.#append(file, piece);
  }

  async #append(file: FileHandle, bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, at, bytes.length - at, this.#written);
      at += bytesWritten;
      this.#written += bytesWritten;
    }
  }

  async *#pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < this.#written && this.#file !== null;) {
      const most = Math.min(PIECE, this.#written - at);
      const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafe(most), 0, most, at);
      if (bytesRead === 0) throw new Error('the file is shorter than what was written to it');
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
    if (this.#used > 0) yield this.#buffer.subarray(0, this.#used);
  }
}
