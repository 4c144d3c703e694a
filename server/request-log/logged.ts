import type { IncomingHttpHeaders } from 'node:http';

/** What the log needs of a request: `http.IncomingMessage` has it. */
export interface LoggedRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Empty for what never became a request. */
  readonly httpVersion: string;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingHttpHeaders;
  /** Whether all of it came. */
  readonly complete: boolean;
  readonly socket: LoggedConnection;
}

export interface LoggedConnection {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localPort?: number | undefined;
  /** The variables of a request of the uwsgi protocol. */
  readonly uwsgi?: Readonly<Record<string, string>>;
}

/** One finished request, as the log needs it. */
export interface Logged {
  readonly request: LoggedRequest;
  readonly status: number;
  /** The head of the answer as it was sent; empty where none was. */
  readonly head: string;
  /** Bytes sent for it: head and body. */
  readonly tx: number;
  /** -1 when it had none. */
  readonly core: number;
  readonly micros: number;
  /** Whether the answer is a file. */
  readonly isStatic: boolean;
  /** Whether its client left before the end of the answer. */
  readonly isCut: boolean;
}

/** The status in the log where the client left before an answer began, as nginx has it. */
export const CLIENT_LEFT = 499;

/** The head of an answer: Node keeps it as text once it is written. */
export function headOf(response: object): string {
  const text: unknown = Reflect.get(response, '_header');
  return typeof text === 'string' ? text : '';
}

/** Bytes of the body that were sent. */
export function bodyBytes({ tx, head }: Logged): number {
  return Math.max(0, tx - head.length);
}

/** How many fields the head of an answer has. */
export function headerCount(head: string): number {
  let count = 0;
  for (let at = head.indexOf('\r\n'); at >= 0; at = head.indexOf('\r\n', at + 2)) count++;
  // The status line and the empty line that closes the head are no headers.
  return Math.max(0, count - 2);
}

/** A request that never became one: all that is known is where it came from. */
export function noRequest(socket: LoggedConnection): LoggedRequest {
  return { httpVersion: '', rawHeaders: [], headers: {}, complete: false, socket };
}
