import type { Readable } from 'node:stream';
import type { Logged } from '../request-log/logged.js';
import type { OwnStatus } from './own-answers.js';
import type { ResponseHead } from './response-head.js';

/** The client's side of an exchange: HTTP/1.1 and HTTP/2 have one each. */
export interface ClientSide {
  readonly method: string;
  /** The target as the client wrote it. */
  readonly url: string;
  /** The body of the request; its trailers are there when it ends. */
  readonly body: Readable;
  readonly trailers: readonly string[];
  /** Whether the client has been given all of the answer. */
  readonly isAnswered: boolean;
  /** Whether it was refused in the middle of its request: that was answered, and has its line. */
  readonly isRefused: boolean;
  /** What a line of the log is made of where the answer is the router's own, or there is none. */
  readonly logged: Omit<Logged, 'micros'>;
  /** Tells when nothing more can be said to the client, and when it takes more after a pause. */
  attach(onClose: () => void, onRoom: () => void): void;
  detach(): void;
  /** Passes on a head of 1xx, where the client knows what that is. */
  informational(head: ResponseHead, expectsContinue: boolean): void;
  /** Begins the answer; `isLast`: the connection takes no further request. */
  head(head: ResponseHead, isLast: boolean): void;
  /** Sends what is there: the head and what came of the body; no more comes for now. */
  flush(): void;
  /** False: wait until there is room. */
  write(chunk: Buffer): boolean;
  end(trailers: readonly string[]): void;
  /** Answers in the worker's stead. */
  answer(status: OwnStatus): void;
  /** Breaks off, so that the client cannot take what it has for the whole answer. */
  cut(): void;
}
