import { type BodySink, ChunkedDecoder } from './chunked.js';
import { type ResponseHead, readResponseHead } from './response-head.js';

/** Who is told what a backend answers. */
export interface ResponseSink extends BodySink {
  /** A head of 1xx other than 101: another one follows. */
  informational(head: ResponseHead): void;
  head(head: ResponseHead): void;
  /** The protocol is switched (101); `rest` came behind the head. */
  switched(head: ResponseHead, rest: Buffer): void;
}

/** Why an answer cannot be read. */
export type ReadFault = 'faulty head' | 'head too large' | 'faulty body' | 'more than the answer';

/** An application may set many cookies; what is larger is no head. */
const MAX_HEAD = 65_536;

const END_OF_HEAD = Buffer.from('\r\n\r\n');

type Place = 'idle' | 'head' | 'length' | 'chunked' | 'close' | 'switched';

/** Reads the answers on one connection of a backend, from bytes cut anywhere. */
export class ResponseReader {
  #place: Place = 'idle';
  #method = '';
  #sink: ResponseSink | null = null;
  /** The beginning of a head whose end has not come. */
  #pending: Buffer | null = null;
  #left = 0;
  #chunked: ChunkedDecoder | null = null;

  /** The next bytes answer a request with this method. */
  expect(method: string, sink: ResponseSink): void {
    this.#place = 'head';
    this.#method = method;
    this.#sink = sink;
  }

  /** Whether no answer is awaited: what comes now was not asked for. */
  get isIdle(): boolean {
    return this.#place === 'idle';
  }

  feed(bytes: Buffer): ReadFault | null {
    let at = 0;
    while (at < bytes.length) {
      const sink = this.#sink;
      if (this.#place === 'idle' || sink === null) return 'more than the answer';
      if (this.#place === 'switched') return null;
      if (this.#place === 'head') {
        const next = this.#takeHead(bytes, at, sink);
        if (typeof next === 'string') return next;
        at = next;
      } else {
        at = this.#takeBody(bytes, at, sink);
        if (at < 0) return 'faulty body';
      }
    }
    return null;
  }

  /** The backend ended its side: true when that is where the answer ends. */
  finish(): boolean {
    if (this.#place !== 'close') return false;
    this.#end([]);
    return true;
  }

  #takeHead(bytes: Buffer, from: number, sink: ResponseSink): number | ReadFault {
    const held = this.#pending?.length ?? 0;
    const all = this.#pending === null ? bytes : Buffer.concat([this.#pending, bytes]);
    const start = this.#pending === null ? from : 0;
    // The empty line may begin in what was there before.
    const end = all.indexOf(END_OF_HEAD, Math.max(start, held - END_OF_HEAD.length));
    const size = (end < 0 ? all.length : end) - start;
    if (size > MAX_HEAD) return 'head too large';
    if (end < 0) {
      this.#pending = start === 0 ? all : all.subarray(start);
      return bytes.length;
    }
    this.#pending = null;
    const head = readResponseHead(all.toString('latin1', start, end), this.#method);
    if (head === null) return 'faulty head';
    const next = end + END_OF_HEAD.length - held;
    if (head.status === 101) {
      this.#place = 'switched';
      sink.switched(head, bytes.subarray(next));
      return bytes.length;
    }
    if (head.status < 200) sink.informational(head);
    else this.#begin(head, sink);
    return next;
  }

  #begin(head: ResponseHead, sink: ResponseSink): void {
    const { framing } = head;
    if (framing.type === 'none') {
      sink.head(head);
      this.#end([]);
      return;
    }
    this.#place = framing.type;
    if (framing.type === 'length') this.#left = framing.length;
    if (framing.type === 'chunked') {
      this.#chunked = new ChunkedDecoder({
        data: (chunk) => {
          sink.data(chunk);
        },
        end: (trailers) => {
          this.#end(trailers);
        },
      });
    }
    sink.head(head);
  }

  #takeBody(bytes: Buffer, at: number, sink: ResponseSink): number {
    if (this.#chunked !== null) return this.#chunked.feed(bytes, at);
    const isWhole = this.#place === 'length';
    const end = isWhole ? Math.min(bytes.length, at + this.#left) : bytes.length;
    sink.data(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    if (isWhole) {
      this.#left -= end - at;
      if (this.#left === 0) this.#end([]);
    }
    return end;
  }

  #end(trailers: readonly string[]): void {
    const sink = this.#sink;
    this.#place = 'idle';
    this.#sink = null;
    this.#chunked = null;
    sink?.end(trailers);
  }
}
