import type { IncomingMessage } from 'node:http';
import {
  connectionOptions,
  isAboutCertificate,
  isAlias,
  isForwarding,
  isHopByHop,
  isNamed,
} from '../http/fields.js';
import { type Claims, forwardingLines, type Peer } from './forwarded.js';
import { readTarget } from './target.js';

/** What is needed of a request: `http.IncomingMessage` has it. */
export interface ClientRequest {
  readonly method: string;
  readonly url: string;
  /** 1 unless it is told. */
  readonly httpVersionMajor?: number;
  readonly httpVersionMinor: number;
  readonly rawHeaders: readonly string[];
}

/** A request of HTTP/1 as that. */
export function asClientRequest(request: IncomingMessage): ClientRequest {
  const { method = '', url = '', httpVersionMinor, rawHeaders } = request;
  return { method, url, httpVersionMinor, rawHeaders };
}

export interface RequestHead {
  /** The head as it goes to the worker, its empty last line included. */
  readonly text: string;
  readonly body: 'none' | 'length' | 'chunked';
  /** Whether the client waits for 100 before it sends its body. */
  readonly expectsContinue: boolean;
  /** Fields that a client may not set and that were left out. */
  readonly removed: number;
}

/**
 * The head of a request as a worker gets it: fields in the order and case in which they came,
 * without those of the client's connection, with those that tell who asks. `upgrade` is the
 * protocol that the client wants to switch to, where that is passed on. Null: the target is not one
 * that is served here.
 */
export function requestHead(
  request: ClientRequest,
  peer: Peer,
  upgrade: string | null,
): RequestHead | null {
  const { method, url, rawHeaders, httpVersionMinor } = request;
  const target = readTarget(url, method);
  if (target === null) return null;
  const lines = new Lines(connectionOptions(rawHeaders), target.authority);
  for (let i = 0; i < rawHeaders.length; i += 2) {
    lines.add(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
  }
  const host = lines.host ?? '';
  return {
    text:
      `${method} ${target.path} HTTP/1.1\r\n${lines.toString()}` +
      connectionLines(lines, upgrade) +
      forwardingLines(peer, lines.claims, host) +
      `Via: ${request.httpVersionMajor === 2 ? '2' : `1.${httpVersionMinor}`} tsuwsgi\r\n\r\n`,
    body: lines.body,
    expectsContinue: lines.expectsContinue && httpVersionMinor === 1,
    // A trusted peer's claims are kept, in another place.
    removed: lines.aliases + (peer.isTrusted ? 0 : lines.claimed),
  };
}

/** The fields of the connection to the worker. */
function connectionLines(lines: Lines, upgrade: string | null): string {
  const coding = lines.body === 'chunked' ? 'Transfer-Encoding: chunked\r\n' : '';
  if (upgrade !== null) return `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n${coding}`;
  return lines.wantsTrailers ? `Connection: TE\r\nTE: trailers\r\n${coding}` : coding;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The fields of one request on their way. */
class Lines {
  readonly claims: Writable<Claims> = {
    for: '',
    proto: '',
    host: '',
    forwarded: '',
    certificate: '',
  };
  host: string | null;
  body: RequestHead['body'] = 'none';
  expectsContinue = false;
  wantsTrailers = false;
  /** Fields in an underscore's disguise. */
  aliases = 0;
  /** Fields that tell whom the request was forwarded for. */
  claimed = 0;
  readonly #options: readonly string[];
  #text: string;

  constructor(options: readonly string[], authority: string | null) {
    this.#options = options;
    this.host = authority;
    this.#text = authority === null ? '' : `Host: ${authority}\r\n`;
  }

  /** The worker is asked in HTTP/1.1, where Host is not optional. */
  toString(): string {
    return this.host === null ? `Host: \r\n${this.#text}` : this.#text;
  }

  add(name: string, value: string): void {
    const { kind, lower } = nameOf(name);
    switch (kind) {
      case 'hop-by-hop':
        this.#readOwn(lower, value);
        return;
      case 'forwarding':
        this.#claim(lower, value);
        return;
      case 'alias':
        this.aliases++;
        return;
      case 'host':
        this.#takeHost(name, value);
        return;
      case 'other':
        if (isNamed(this.#options, lower)) return;
        if (lower === 'content-length' && value !== '0') this.body = 'length';
        if (lower === 'expect') this.expectsContinue = value.toLowerCase() === '100-continue';
        this.#text += `${name}: ${value}\r\n`;
    }
  }

  #readOwn(name: string, value: string): void {
    if (name === 'transfer-encoding') this.body = 'chunked';
    if (name === 'te') this.wantsTrailers = /(?:^|[,\s])trailers(?:$|[,;\s])/i.test(value);
  }

  #takeHost(name: string, value: string): void {
    if (this.host !== null) return;
    this.host = value;
    this.#text += `${name}: ${value}\r\n`;
  }

  #claim(name: string, value: string): void {
    this.claimed++;
    const { claims } = this;
    if (name === 'x-forwarded-for') claims.for = joined(claims.for, value);
    else if (name === 'forwarded') claims.forwarded = joined(claims.forwarded, value);
    else if (name === 'x-forwarded-proto') claims.proto ||= value;
    else if (name === 'x-forwarded-host') claims.host ||= value;
    else if (isAboutCertificate(name)) claims.certificate += `${name}: ${value}\r\n`;
  }
}

function joined(list: string, more: string): string {
  return list === '' ? more : `${list}, ${more}`;
}

/** What a name of a field means here. */
interface Name {
  readonly kind: 'hop-by-hop' | 'forwarding' | 'alias' | 'host' | 'other';
  readonly lower: string;
}

/** The names that came before: clients write few different ones. */
const known = new Map<string, Name>();
/** Who sends many of them gains nothing by it. */
const MOST_KNOWN = 512;
const LONGEST_KNOWN = 64;

function nameOf(name: string): Name {
  const found = known.get(name);
  if (found !== undefined) return found;
  const lower = name.toLowerCase();
  const made = { kind: kindOf(lower), lower };
  if (known.size < MOST_KNOWN && name.length <= LONGEST_KNOWN) known.set(name, made);
  return made;
}

function kindOf(lower: string): Name['kind'] {
  if (isHopByHop(lower)) return 'hop-by-hop';
  if (isForwarding(lower)) return 'forwarding';
  if (isAlias(lower)) return 'alias';
  return lower === 'host' ? 'host' : 'other';
}
