import type http from 'node:http';
import type { Duplex } from 'node:stream';
import { watchBody } from './body-watch.js';
import { saidOnEachAnswer } from './connection-fields.js';
import { isAlias } from './fields.js';
import { endWith, isGivenUp, markGivenUp, refusalBytes } from './giving-up.js';
import {
  announcesTooMuch,
  beyondLimits,
  BODY_TOO_LARGE,
  DEFAULT_LIMITS,
  type RequestLimits,
} from './limits.js';
import type { OnGateRefused, Refusal } from './refusal.js';

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
  /** RFC 9112 §3.2. */
  noHost: { code: 'missing_host', status: 400, reason: 'no Host header' },
} as const satisfies Record<string, Refusal>;

/** Whether the body of a request that passes has a length or trailers to watch. */
type Verdict = Refusal | 'chunked' | null;

/** What the gate needs of a request: `http.IncomingMessage` has it. */
export interface Gated extends Pick<
  http.IncomingMessage,
  'httpVersionMajor' | 'httpVersionMinor' | 'url' | 'method'
> {
  readonly rawHeaders: readonly string[];
}

/** Why a request must be refused, or null. Runs on every request: one pass, nothing allocated. */
export function refusal(req: Gated, limits = DEFAULT_LIMITS): Refusal | null {
  const verdict = examine(req, limits);
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
  onRefused?: OnGateRefused,
  limits = DEFAULT_LIMITS,
): boolean {
  if (isGivenUp(req.socket)) return false;
  const verdict = examine(req, limits);
  if (verdict === null) return true;
  if (verdict === 'chunked') {
    watchBody(req, res, limits.body, onRefused);
    return true;
  }
  refuse(req, res, verdict);
  onRefused?.(verdict, req, res);
  return false;
}

/** Both ways through the gate; `onRefused` is told of each request that does not pass. */
export function createGate(
  limits: RequestLimits,
  onRefused: OnGateRefused,
): {
  readonly admit: (req: http.IncomingMessage, res: http.ServerResponse) => boolean;
  readonly admitUpgrade: (req: http.IncomingMessage, socket: Duplex) => boolean;
} {
  return {
    admit: (req, res) => admit(req, res, onRefused, limits),
    admitUpgrade(req, socket) {
      const refused = refusal(req, limits);
      if (refused === null) return true;
      refuseUpgrade(socket, refused);
      onRefused(refused, req, null);
      return false;
    },
  };
}

function examine(req: Gated, limits: RequestLimits): Verdict {
  const beyond = beyondLimits(req, limits);
  if (beyond !== null) return beyond;
  readFields(req.rawHeaders);
  const refused = examineFields() ?? examineLine(req);
  if (refused !== null) return refused;
  if (seen.hosts === 0 && req.httpVersionMinor === 1) return REFUSALS.noHost;
  if (announcesTooMuch(seen.length, limits)) return BODY_TOO_LARGE;
  return seen.codings === 0 ? null : examineCoding(req, seen.codings, seen.coding);
}

/** What the fields of the request in hand are; one for all, so that none is made for each. */
const seen = {
  hosts: 0,
  isHostValid: true,
  types: 0,
  codings: 0,
  coding: undefined as string | undefined,
  length: undefined as string | undefined,
};

function readFields(rawHeaders: readonly string[]): void {
  seen.hosts = seen.types = seen.codings = 0;
  seen.isHostValid = true;
  seen.coding = seen.length = undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    switch (fieldOf(rawHeaders[i] ?? '')) {
      case 'other':
        break;
      case 'host':
        seen.hosts++;
        seen.isHostValid &&= isHost(rawHeaders[i + 1]);
        break;
      case 'content-type':
        seen.types++;
        break;
      case 'transfer-encoding':
        seen.codings++;
        seen.coding = rawHeaders[i + 1];
        break;
      case 'content-length':
        seen.length = rawHeaders[i + 1];
        break;
    }
  }
}

function examineFields(): Refusal | null {
  if (!seen.isHostValid) return REFUSALS.invalidHost;
  if (seen.hosts > 1) return REFUSALS.duplicateHost;
  return seen.types > 1 ? REFUSALS.duplicateType : null;
}

type Field = 'host' | 'content-type' | 'content-length' | 'transfer-encoding' | 'other';

/** Names differ in length, so that nearly all of them are passed over after a comparison. */
function fieldOf(name: string): Field {
  if (name.length === 4) return isName(name, 'Host', 'host') ? 'host' : 'other';
  if (name.length === 12) {
    return isName(name, 'Content-Type', 'content-type') ? 'content-type' : 'other';
  }
  if (name.length === 14) {
    return isName(name, 'Content-Length', 'content-length') ? 'content-length' : 'other';
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
    ...saidOnEachAnswer(socket),
  });
  res.end(body);
}

/** Refuses a request to upgrade, which has a socket and no response. */
export function refuseUpgrade(socket: Duplex, refused: Refusal): void {
  endWith(socket, refusalBytes(refused, socket));
}

/**
 * Takes out of a request the fields that are written with `_` to be taken for others with which
 * something is decided. A router leaves them out of what it passes on.
 */
export function removeAliases(request: http.IncomingMessage): void {
  const { rawHeaders } = request;
  for (let i = rawHeaders.length - 2; i >= 0; i -= 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? '';
    if (!name.includes('_') || !isAlias(name)) continue;
    // Node makes these of as many lines as there were, so that it has to be done before one goes.
    for (const fields of [request.headers, request.headersDistinct]) {
      Reflect.deleteProperty(fields, name);
    }
    rawHeaders.splice(i, 2);
  }
}
