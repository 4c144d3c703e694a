import type { LogBlock } from '../block.js';
import { MOST_WAITING, type SinkCounts } from './sink.js';

type Waiting = Pick<LogBlock, 'data' | 'lines'>;

/** As much is written at once: one system call for many small blocks. */
const BATCH = 256 * 1024;

/** What waits to be written, within bounds, and what became of all the rest. */
export interface Outbox {
  /** Takes a block, or drops it when there is no room. */
  put(data: Buffer, lines: number): void;
  /** The next bytes, whole lines; null when nothing waits. They count as waiting until `wrote`. */
  next(): Buffer | null;
  /** The bytes of `next` are written. */
  wrote(): void;
  /** Gives up what waits. */
  abandon(): void;
  /** Lines dropped since the last call. */
  takeDropped(): number;
  readonly isEmpty: boolean;
  counts(): SinkCounts;
}

export function createOutbox(mostBytes: number = MOST_WAITING): Outbox {
  return new BoundedOutbox(mostBytes);
}

class BoundedOutbox implements Outbox {
  readonly #mostBytes: number;
  readonly #counts = { lines: 0, bytes: 0, dropped: 0 };
  #waiting: Waiting[] = [];
  #taken: Waiting | null = null;
  #bytes = 0;
  #toTell = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get isEmpty(): boolean {
    return this.#taken === null && this.#waiting.length === 0;
  }

  put(data: Buffer, lines: number): void {
    if (this.#bytes + data.length > this.#mostBytes) {
      this.#drop(lines);
      return;
    }
    this.#waiting.push({ data, lines });
    this.#bytes += data.length;
  }

  next(): Buffer | null {
    this.#taken ??= this.#batch();
    return this.#taken?.data ?? null;
  }

  wrote(): void {
    if (this.#taken === null) return;
    const { data, lines } = this.#taken;
    this.#counts.lines += lines;
    this.#counts.bytes += data.length;
    this.#bytes -= data.length;
    this.#taken = null;
  }

  abandon(): void {
    this.#drop(this.#taken?.lines ?? 0);
    for (const { lines } of this.#waiting) this.#drop(lines);
    this.#taken = null;
    this.#waiting = [];
    this.#bytes = 0;
  }

  takeDropped(): number {
    const dropped = this.#toTell;
    this.#toTell = 0;
    return dropped;
  }

  counts(): SinkCounts {
    return { ...this.#counts };
  }

  #drop(lines: number): void {
    this.#counts.dropped += lines;
    this.#toTell += lines;
  }

  #batch(): Waiting | null {
    let size = 0;
    let count = 0;
    for (const { data } of this.#waiting) {
      if (count > 0 && size + data.length > BATCH) break;
      size += data.length;
      count++;
    }
    if (count === 0) return null;
    const blocks = this.#waiting.splice(0, count);
    return {
      data: Buffer.concat(blocks.map(({ data }) => data)),
      lines: blocks.reduce((sum, { lines }) => sum + lines, 0),
    };
  }
}
