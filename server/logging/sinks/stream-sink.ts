import type { Writable } from 'node:stream';
import type { LogBlock } from '../block.js';
import { createOutbox, type Outbox } from './outbox.js';
import { PARTING_MS, type Sink, type SinkCounts, type Tell } from './sink.js';

/** How much is handed to a stream before what it took is waited for. */
const AT_ONCE = 256 * 1024;

/**
 * A sink on a stream that does not block, such as a pipe. A reader that is slow finds what waits and
 * how much was dropped; one that is gone is gone for good, and everything is dropped.
 */
export function streamSink(name: string, stream: Writable, tell: Tell): Sink {
  return new StreamSink(name, stream, tell);
}

class StreamSink implements Sink {
  readonly name: string;
  readonly #stream: Writable;
  readonly #tell: Tell;
  readonly #box: Outbox = createOutbox();
  #isGone = false;
  #underWay = 0;
  #onIdle: () => void = () => undefined;

  constructor(name: string, stream: Writable, tell: Tell) {
    this.name = name;
    this.#stream = stream;
    this.#tell = tell;
    stream.on('error', (error) => {
      this.#onError(error);
    });
  }

  write({ data, lines }: LogBlock): void {
    this.#box.put(data, lines);
    if (this.#isGone) this.#box.abandon();
    else this.#pump();
  }

  counts(): SinkCounts {
    return this.#box.counts();
  }

  /** Nothing to open anew. */
  reopen(): void {
    return;
  }

  /** Nothing to move away. */
  rotate(): void {
    return;
  }

  /** It has none to give back. */
  release(): void {
    return;
  }

  async close(): Promise<void> {
    if (this.#isGone || this.#underWay === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      setTimeout(resolve, PARTING_MS).unref();
    });
  }

  #pump(): void {
    while (!this.#isGone && this.#underWay < AT_ONCE) {
      const bytes = this.#box.next();
      if (bytes === null) break;
      this.#box.wrote();
      this.#underWay += bytes.length;
      this.#stream.write(bytes, () => {
        this.#onWritten(bytes.length);
      });
    }
    if (this.#underWay === 0) this.#onIdle();
  }

  #onWritten(bytes: number): void {
    this.#underWay -= bytes;
    if (this.#isGone) return;
    const dropped = this.#box.takeDropped();
    if (dropped > 0) {
      this.#tell(`${this.name}: ${dropped} lines were dropped: its reader is slow`, 'error');
    }
    this.#pump();
  }

  #onError(error: Error): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#box.abandon();
    this.#tell(
      `${this.name}: ${error.message}; nobody reads it, and what comes is dropped`,
      'error',
    );
    this.#onIdle();
  }
}
