import type http from 'node:http';
import type { Duplex } from 'node:stream';
import type { RefusalCode } from '../wire/refusals.js';
import { endWith, isGivenUp, markGivenUp, refusalBytes } from './giving-up.js';

/** Why a request is not given to the application. */
export interface Refusal {
  /** Under which it is counted. */
  readonly code: RefusalCode;
  readonly status: number;
  /** One line for the client and the log, without anything that the client sent. */
  readonly reason: string;
}

/**
 * What Node's parser lets through and an application must not see (RFC 9110, 9112). Two readers
 * of such a request, a proxy and an application, may each see a different one: request smuggling.
 */
const REFUSALS = {
  /** RFC 9112 §3.2: more than one Host line is answered 400, equal values or not. */
  duplicateHost: { code: 'duplicate_host', status: 400, reason: 'more than one Host header' },
  /** RFC 9112 §3.2: so is an invalid value; a list comes from a proxy that joined two lines. */
  invalidHost: {
    code: 'invalid_host',
    status: 400,
    reason: 'the Host header is not one host and port',
  },
  /** RFC 9110 §8.3: a message has one type; each reader takes another line. */
  duplicateType: {
    code: 'duplicate_content_type',
    status: 400,
    reason: 'more than one Content-Type header',
  },
  /** RFC 9112 §6.1: faulty framing in HTTP/1.0. */
  codingInOld: { code: 'coding_in_http_1_0', status: 400, reason: 'Transfer-Encoding in HTTP/1.0' },
  /** RFC 9112 §6.1: codings that are not understood; Node undoes `chunked` and no other. */
  unknownCoding: {
    code: 'unknown_coding',
    status: 501,
    reason: 'a Transfer-Encoding other than chunked',
  },
  /** RFC 9112 §3.2.4: the asterisk form is for OPTIONS. */
  asterisk: { code: 'asterisk_target', status: 400, reason: 'the target * outside OPTIONS' },
  /** RFC 9110 §15.6.6; Node parses 0.9 and 2.0 here too. */
  version: { code: 'http_version', status: 505, reason: 'an HTTP version other than 1.0 and 1.1' },
  trailer: {
    code: 'forbidden_trailer',
    status: 400,
    reason: 'a field in the trailers that belongs to the headers',
  },
} as const satisfies Record<string, Refusal>;

/** What is said where trailers come by another way than Node's parser. */
export const FORBIDDEN_TRAILER: Refusal = REFUSALS.trailer;

/** Whether the body of a request that passes has trailers to watch. */
type Verdict = Refusal | 'chunked' | null;

/** What the gate needs of a request: `http.IncomingMessage` has it. */
export type Gated = Pick<
  http.IncomingMessage,
  'rawHeaders' | 'httpVersionMajor' | 'httpVersionMinor' | 'url' | 'method'
>;

/** Why a request must be refused, or null. Runs on every request: one pass, nothing allocated. */
export function refusal(req: Gated): Refusal | null {
  const verdict = examine(req);
  return verdict === 'chunked' ? null : verdict;
}

/**
 * Passes a request on (true) or refuses it (false): then it is answered, and neither it nor
 * anything after it on its connection may reach the application. Trailers of chunked bodies are
 * watched; should they be forbidden, the connection is given up later. `onRefused` is told of
 * either.
 */
export function admit(
  req: http.IncomingMessage,
  res: http.ServerResponse,
  onRefused?: (refusal: Refusal) => void,
): boolean {
  if (isGivenUp(req.socket)) return false;
  const verdict = examine(req);
  if (verdict === null) return true;
  if (verdict === 'chunked') {
    watchTrailers(req, res, onRefused);
    return true;
  }
  onRefused?.(verdict);
  refuse(req, res, verdict);
  return false;
}

/** Both ways through the gate; `onRefused` is told of each request that does not pass. */
export function createGate(onRefused: (refusal: Refusal) => void): {
  readonly admit: (req: http.IncomingMessage, res: http.ServerResponse) => boolean;
  readonly admitUpgrade: (req: http.IncomingMessage, socket: Duplex) => boolean;
} {
  return {
    admit: (req, res) => admit(req, res, onRefused),
    admitUpgrade(req, socket) {
      const refused = refusal(req);
      if (refused === null) return true;
      onRefused(refused);
      refuseUpgrade(socket, refused);
      return false;
    },
  };
}

function examine(req: Gated): Verdict {
  const { rawHeaders } = req;
  let hosts = 0;
  let types = 0;
  let codings = 0;
  let coding: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    switch (fieldOf(rawHeaders[i] ?? '')) {
      case 'other':
        break;
      case 'host':
        hosts++;
        if (!isHost(rawHeaders[i + 1])) return REFUSALS.invalidHost;
        break;
      case 'content-type':
        types++;
        break;
      case 'transfer-encoding':
        codings++;
        coding = rawHeaders[i + 1];
        break;
    }
  }
  if (hosts > 1) return REFUSALS.duplicateHost;
  if (types > 1) return REFUSALS.duplicateType;
  return examineLine(req) ?? (codings === 0 ? null : examineCoding(req, codings, coding));
}

type Field = 'host' | 'content-type' | 'transfer-encoding' | 'other';

/** Names differ in length, so that nearly all of them are passed over after a comparison. */
function fieldOf(name: string): Field {
  if (name.length === 4) return isName(name, 'Host', 'host') ? 'host' : 'other';
  if (name.length === 12) {
    return isName(name, 'Content-Type', 'content-type') ? 'content-type' : 'other';
  }
  if (name.length !== 17) return 'other';
  return isName(name, 'Transfer-Encoding', 'transfer-encoding') ? 'transfer-encoding' : 'other';
}

/** The start line: version and target. */
function examineLine(req: Gated): Refusal | null {
  // Numbers compare quicker than the text that Node makes of them.
  if (req.httpVersionMajor !== 1 || req.httpVersionMinor > 1) return REFUSALS.version;
  const isAsterisk = req.url?.charCodeAt(0) === 0x2a;
  return isAsterisk && !(req.url === '*' && req.method === 'OPTIONS') ? REFUSALS.asterisk : null;
}

function examineCoding(req: Gated, lines: number, value: string | undefined): Verdict {
  if (req.httpVersionMinor === 0) return REFUSALS.codingInOld;
  return lines === 1 && isName(value, 'Chunked', 'chunked') ? 'chunked' : REFUSALS.unknownCoding;
}

/** Nearly all clients write a name in one of two ways, which compare without a copy. */
function isName(value: string | undefined, usual: string, lower: string): boolean {
  return value === usual || value === lower || value?.toLowerCase() === lower;
}

/**
 * Whether a value can be `host[:port]`: no separator, quote, comma or control. The names
 * themselves are the application's to know; an empty value is allowed (RFC 9112 §3.2).
 */
function isHost(value = ''): boolean {
  if (value === knownHost) return true;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f || NOT_IN_HOST[code] === 1) return false;
  }
  knownHost = value;
  return true;
}

/** The last valid value: nearly always the next one as well. */
let knownHost = '';

const NOT_IN_HOST = new Uint8Array(128);
for (const character of ',/\\?#@"<>^`{|}') NOT_IN_HOST[character.charCodeAt(0)] = 1;

/**
 * Fields that a trailer must not carry (RFC 9110 §6.5.1): framing, routing, conditions,
 * authentication, and what tells how to read the content.
 */
const FORBIDDEN_TRAILERS = new Set(
  (
    'host content-length transfer-encoding trailer te connection keep-alive upgrade expect ' +
    'content-type content-encoding content-range content-language range cache-control pragma ' +
    'max-forwards if-match if-none-match if-modified-since if-unmodified-since if-range ' +
    'authorization proxy-authorization proxy-connection cookie forwarded x-forwarded-for ' +
    'x-forwarded-host x-forwarded-proto'
  ).split(' '),
);

/** The first forbidden field of `rawTrailers`, in lower case, or null. */
export function forbiddenTrailer(rawTrailers: readonly string[]): string | null {
  for (let i = 0; i < rawTrailers.length; i += 2) {
    const name = rawTrailers[i]?.toLowerCase() ?? '';
    if (FORBIDDEN_TRAILERS.has(name)) return name;
  }
  return null;
}

/**
 * Looks at the trailers of a chunked request when they arrive, before its body ends: a forbidden
 * one means that the end never comes. The application sees the client leave, and the client gets
 * 400 if its answer had not begun.
 */
export function watchTrailers(
  req: http.IncomingMessage,
  res: http.ServerResponse,
  onRefused?: (refusal: Refusal) => void,
): void {
  const push = req.push.bind(req);
  // Node pushes the end of the body right after it has stored the trailers.
  req.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk !== null || forbiddenTrailer(req.rawTrailers) === null) return push(chunk, encoding);
    giveUp(req, res);
    onRefused?.(REFUSALS.trailer);
    return false;
  };
}

/**
 * Not through `res`, where the application may still write and would throw: a destroyed response
 * swallows that. A response behind others on its connection has no socket yet.
 */
function giveUp(req: http.IncomingMessage, res: http.ServerResponse): void {
  const { socket } = req;
  markGivenUp(socket);
  const unanswered = !res.headersSent && res.socket !== null && socket.writable;
  res.destroyed = true;
  if (!unanswered) {
    socket.destroy();
    return;
  }
  endWith(socket, refusalBytes(REFUSALS.trailer));
}

/** Answers a refused request and closes its connection after that. */
export function refuse(
  req: http.IncomingMessage,
  res: http.ServerResponse,
  { status, reason }: Omit<Refusal, 'code'>,
): void {
  const { socket } = req;
  markGivenUp(socket);
  // What Node calls when the answer that closes a connection is out.
  socket.destroySoon = () => {
    endWith(socket);
  };
  const body = `${reason}\n`;
  res.writeHead(status, {
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': body.length,
  });
  res.end(body);
}

/** Refuses a request to upgrade, which has a socket and no response. */
export function refuseUpgrade(socket: Duplex, refused: Refusal): void {
  endWith(socket, refusalBytes(refused));
}
