import { METHODS } from 'node:http';
import { err, ok, type Result } from '../../../shared/result.js';
import { isFieldName, isFieldValue } from '../../http/field-syntax.js';
import type { ClientRequest } from '../request-head.js';

/** A request, and whether it asks for a WebSocket (RFC 8441): then it is one to upgrade in HTTP/1.1. */
export interface Http2Request extends ClientRequest {
  readonly isWebSocket: boolean;
}

/** Why a stream is not passed on. */
export interface Refused {
  /** Under which it is counted. */
  readonly code: string;
  readonly status: number;
  readonly reason: string;
}

/** What is refused of HTTP/2 itself; what HTTP/1.1 knows too is refused by the gate. */
const REFUSALS = {
  malformed: { code: 'malformed', status: 400, reason: 'this is not a valid HTTP message' },
  connect: { code: 'connect', status: 501, reason: 'CONNECT is not for this server' },
  /** RFC 9113 §8.3.1. */
  host: {
    code: 'authority_mismatch',
    status: 400,
    reason: 'the Host header differs from :authority',
  },
  size: { code: 'headers_too_large', status: 431, reason: 'the header is too large' },
} as const satisfies Record<string, Refused>;

/** What a field takes besides its name and value: a colon, a space and the end of a line. */
const FIELD_OVERHEAD = 4;

/** RFC 9113 §8.2.2: they frame messages in HTTP/1.1, and must not be there. */
const CONNECTION_FIELDS = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'],
  'http2-settings',
]);

const KNOWN_METHODS = new Set(METHODS);

/**
 * Reads the fields of a stream as if they had come in HTTP/1.1, for all that looks at a request, or
 * says why they are refused. Nothing passes that would not be one field, or one request line, in
 * HTTP/1.1: in that the worker is asked. `maxSize` is what a head may have there, in bytes.
 */
export function readHttp2Request(
  rawFields: readonly string[],
  hasBody: boolean,
  maxSize: number,
): Result<Http2Request, Refused> {
  const list = new FieldList();
  if (!list.addAll(rawFields)) return err(REFUSALS.malformed);
  if (list.size > maxSize) return err(REFUSALS.size);
  const { path, protocol } = list;
  const isWebSocket = protocol === 'websocket';
  const method = methodOf(list);
  if (method === null) return err(REFUSALS.connect);
  if (!KNOWN_METHODS.has(method) || !isTarget(path)) return err(REFUSALS.malformed);
  const authority = list.authority ?? list.host;
  if (authority === null) return err(REFUSALS.malformed);
  if (!list.isHostRight(authority)) return err(REFUSALS.host);
  const rawHeaders = list.all(authority, hasBody && !isWebSocket);
  // Written out: objects that are put together from others are slow to make, and to read.
  return ok({
    method,
    url: path,
    httpVersionMajor: 2,
    httpVersionMinor: 1,
    isWebSocket,
    rawHeaders,
  });
}

/** As HTTP/1.1 has it: a WebSocket is asked for by GET. Null: it is CONNECT for anything else. */
function methodOf({ method, protocol }: Pick<FieldList, 'method' | 'protocol'>): string | null {
  if (method === 'CONNECT') return protocol === 'websocket' ? 'GET' : null;
  // A protocol is told with CONNECT only.
  return protocol === null ? method : '';
}

/** The fields of one stream, sorted. */
class FieldList {
  size = 0;
  method = '';
  path = '';
  authority: string | null = null;
  protocol: string | null = null;
  host: string | null = null;
  #hasLength = false;
  /** The host first; its value is known last. */
  readonly #fields: string[] = ['host', ''];
  readonly #cookies: string[] = [];

  /** Names and values in turn; false: one is no field of a request. */
  addAll(rawFields: readonly string[]): boolean {
    for (let i = 0; i < rawFields.length; i += 2) {
      if (!this.add(rawFields[i] ?? '', rawFields[i + 1] ?? '')) return false;
    }
    return true;
  }

  /** False: this is no field of a request. */
  add(name: string, value: string): boolean {
    this.size += name.length + value.length + FIELD_OVERHEAD;
    if (!isFieldValue(value)) return false;
    if (name.startsWith(':')) return this.#addPseudo(name, value);
    if (!isFieldName(name) || CONNECTION_FIELDS.has(name)) return false;
    if (name === 'cookie') this.#cookies.push(value);
    else if (name === 'host' && this.host === null) this.host = value;
    else this.#fields.push(name, value);
    if (name === 'content-length') this.#hasLength = true;
    return true;
  }

  /** Whether Host, where it is there, says the same as the authority. */
  isHostRight(authority: string): boolean {
    return this.host === null || this.host.toLowerCase() === authority.toLowerCase();
  }

  /** All of them as HTTP/1.1 has them; to be called once. */
  all(authority: string, hasBody: boolean): readonly string[] {
    const fields = this.#fields;
    fields[1] = authority;
    // RFC 9113 §8.2.3: in one line there.
    if (this.#cookies.length > 0) fields.push('cookie', this.#cookies.join('; '));
    if (hasBody && !this.#hasLength) fields.push('transfer-encoding', 'chunked');
    return fields;
  }

  /** Nghttp2 sees to it that each is there once. */
  #addPseudo(name: string, value: string): boolean {
    if (name === ':method') this.method = value;
    else if (name === ':path') this.path = value;
    else if (name === ':authority') this.authority = value;
    else if (name === ':protocol') this.protocol = value;
    else return name === ':scheme';
    return true;
  }
}

/** A path, or the asterisk, which the gate judges; nothing that would end a request line. */
function isTarget(path: string): boolean {
  return /^[/*][\x21-\x7e\x80-\xff]*$/.test(path);
}
