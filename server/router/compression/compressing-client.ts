import type { Readable } from 'node:stream';
import zlib from 'node:zlib';
import type { Coding } from '../../static/accepted-codings.js';
import type { ClientSide } from '../client-side.js';
import type { OwnStatus } from '../own-answers.js';
import type { ResponseHead } from '../response-head.js';
import { outgoing } from './compressed-head.js';
import type { Room } from './room.js';
import type { Wish } from './wish.js';

/** When a worker has sent nothing for so long, the client gets what there is. */
const FLUSH_AFTER_MS = 20;

const { BROTLI_OPERATION_FLUSH, BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY, Z_SYNC_FLUSH } =
  zlib.constants;

/** The levels at which a processor keeps up; the window bounds the memory of each answer. */
const COMPRESSORS = {
  gzip: () => zlib.createGzip({ level: 4 }),
  br: () =>
    zlib.createBrotliCompress({ params: { [BROTLI_PARAM_QUALITY]: 4, [BROTLI_PARAM_LGWIN]: 18 } }),
} as const satisfies Record<Coding['name'], () => zlib.Gzip | zlib.BrotliCompress>;

/** What brings out all there is so far, without forgetting it. */
const FLUSHES = { gzip: Z_SYNC_FLUSH, br: BROTLI_OPERATION_FLUSH } as const;

/** A client whose answer is compressed on its way, where that is wanted and makes sense. */
export class CompressingClient implements ClientSide {
  readonly #inner: ClientSide;
  readonly #wish: Wish;
  readonly #room: Room;
  #compressor: zlib.Gzip | zlib.BrotliCompress | null = null;
  #flushKind: number = Z_SYNC_FLUSH;
  #flushing: NodeJS.Timeout | null = null;
  #onRoom: () => void = () => undefined;

  constructor(inner: ClientSide, wish: Wish, room: Room) {
    this.#inner = inner;
    this.#wish = wish;
    this.#room = room;
  }

  get method(): string {
    return this.#inner.method;
  }

  get url(): string {
    return this.#inner.url;
  }

  get body(): Readable {
    return this.#inner.body;
  }

  get trailers(): readonly string[] {
    return this.#inner.trailers;
  }

  get isAnswered(): boolean {
    return this.#inner.isAnswered;
  }

  get isRefused(): boolean {
    return this.#inner.isRefused;
  }

  get logged(): ClientSide['logged'] {
    return this.#inner.logged;
  }

  attach(onClose: () => void, onRoom: () => void): void {
    this.#onRoom = onRoom;
    this.#inner.attach(onClose, () => {
      if (this.#compressor === null) onRoom();
      else this.#compressor.resume();
    });
  }

  detach(): void {
    this.#release();
    this.#inner.detach();
  }

  informational(head: ResponseHead, expectsContinue: boolean): void {
    this.#inner.informational(head, expectsContinue);
  }

  head(head: ResponseHead, isLast: boolean): void {
    const wish = this.#room.isFull ? { ...this.#wish, coding: null } : this.#wish;
    const answer = outgoing(head, wish);
    if (answer.coding !== null) this.#begin(answer.coding);
    this.#inner.head(answer.head, isLast);
  }

  flush(): void {
    this.#inner.flush();
  }

  write(chunk: Buffer): boolean {
    if (this.#compressor === null) return this.#inner.write(chunk);
    this.#flushing ??= setTimeout(this.#flush, FLUSH_AFTER_MS);
    this.#flushing.refresh();
    return this.#compressor.write(chunk);
  }

  end(trailers: readonly string[]): void {
    const compressor = this.#compressor;
    if (compressor === null) {
      this.#inner.end(trailers);
      return;
    }
    compressor
      .once('end', () => {
        this.#release();
        this.#inner.end(trailers);
      })
      .end();
  }

  answer(status: OwnStatus): void {
    this.#inner.answer(status);
  }

  /** What is compressed ends nowhere that a client could take for the end. */
  cut(): void {
    this.#release();
    this.#inner.cut();
  }

  #begin(coding: Coding['name']): void {
    this.#room.take();
    const compressor = COMPRESSORS[coding]();
    this.#compressor = compressor;
    this.#flushKind = FLUSHES[coding];
    compressor
      .on('data', (chunk: Buffer) => {
        if (!this.#inner.write(chunk)) compressor.pause();
      })
      .on('drain', () => {
        this.#onRoom();
      })
      .on('error', () => {
        this.cut();
      });
  }

  readonly #flush = (): void => {
    const compressor = this.#compressor;
    // The end brings out everything, and a client that takes no more needs no part of it.
    if (compressor === null || compressor.writableEnded || compressor.writableNeedDrain) return;
    compressor.flush(this.#flushKind);
  };

  #release(): void {
    if (this.#flushing !== null) clearTimeout(this.#flushing);
    this.#flushing = null;
    if (this.#compressor === null) return;
    this.#compressor.destroy();
    this.#compressor = null;
    this.#room.give();
  }
}
