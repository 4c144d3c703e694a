import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { err, ok, type Result } from '../../shared/result.js';
import { encodePacket, fitsPacket, writePacket } from '../uwsgi/encode-packet.js';
import type { Variable } from '../uwsgi/packet.js';
import type { Peer } from './forwarded.js';
import type { RequestHead } from './request-head.js';

/** Why nobody can be asked a request. */
export interface Unaskable {
  readonly code: string;
  readonly status: number;
  readonly reason: string;
}

const TOO_LARGE: Unaskable = {
  code: 'head_exceeds_packet',
  status: 431,
  reason: 'the header fields are larger than a packet of the uwsgi protocol',
};

/** No body is as long: a number with as many digits takes as much room as any. */
const LONGEST = Number.MAX_SAFE_INTEGER;

/** Writes the packet of a request whose body is so long. */
export type PacketWriter = (length: number) => Buffer;

/** Writes the packet of a request, or says why there is none. */
export function uwsgiPacket(head: RequestHead, peer: Peer): Result<Buffer, Unaskable> {
  const packet = encodePacket(uwsgiVariables(head.text, peer));
  return packet === null ? err(TOO_LARGE) : ok(packet);
}

/**
 * The same for a request with a body in chunks, once it is known how long that is: a packet has to
 * say it. Whether there will be one is known before the body has come.
 */
export function uwsgiPacketLater(head: RequestHead, peer: Peer): Result<PacketWriter, Unaskable> {
  const variables = uwsgiVariables(head.text, peer);
  const withLength = (length: number): Variable[] => [
    ...variables,
    ['CONTENT_LENGTH', `${length}`],
  ];
  if (!fitsPacket(withLength(LONGEST))) return err(TOO_LARGE);
  return ok((length) => writePacket(withLength(length)));
}

/**
 * The variables that uWSGI's own router gives, of a head as a worker would get it. A field whose
 * name has an underscore is left out, as in nginx: as a variable it could not be told from one with
 * a dash. So is `Proxy`, as `HTTP_PROXY` configures the clients of many languages.
 */
export function uwsgiVariables(head: string, peer: Peer): Variable[] {
  const [first = '', ...lines] = head.split('\r\n');
  const [method = '', target = ''] = first.split(' ');
  const fields = fieldVariables(lines);
  const query = target.indexOf('?');
  const host = fields.get('HTTP_HOST') ?? '';
  return [
    ['REQUEST_METHOD', method],
    ['REQUEST_URI', target],
    ['PATH_INFO', decoded(query < 0 ? target : target.slice(0, query))],
    ['QUERY_STRING', query < 0 ? '' : target.slice(query + 1)],
    ['SCRIPT_NAME', ''],
    ['SERVER_PROTOCOL', 'HTTP/1.1'],
    ['SERVER_NAME', host.replace(/:\d*$/, '') || hostname()],
    ['SERVER_PORT', peer.localPort === undefined ? '' : `${peer.localPort}`],
    ['UWSGI_ROUTER', 'http'],
    ...clientVariables(fields, peer),
    ...fields,
  ];
}

/** Who asks, and whether by TLS: of a trusted peer, what it says of its own client. */
function clientVariables(fields: ReadonlyMap<string, string>, peer: Peer): Variable[] {
  const said = fields.get('HTTP_X_FORWARDED_FOR')?.split(', ').at(-2)?.trim() ?? '';
  // Its port is that of another connection.
  const isSaid = peer.isTrusted && isIP(said) !== 0;
  const port = isSaid ? undefined : peer.port;
  return [
    ['REMOTE_ADDR', isSaid ? said : peer.address],
    ...(port === undefined ? [] : ([['REMOTE_PORT', `${port}`]] as const)),
    ...(fields.get('HTTP_X_FORWARDED_PROTO') === 'https' ? ([['HTTPS', 'on']] as const) : []),
  ];
}

/** Those of the client's message that have a name of their own. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  'content-length': 'CONTENT_LENGTH',
  'content-type': 'CONTENT_TYPE',
};

/** Of the connection, or dangerous as a variable. */
const LEFT_OUT = new Set(['te', 'transfer-encoding', 'expect', 'proxy']);

function fieldVariables(lines: readonly string[]): Map<string, string> {
  const variables = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(': ');
    const lower = line.slice(0, Math.max(0, colon)).toLowerCase();
    const isLeftOut = lower.includes('_') || LEFT_OUT.has(lower) || line === 'Connection: TE';
    if (lower === '' || isLeftOut) continue;
    const name = OWN_NAMES[lower] ?? `HTTP_${lower.toUpperCase().replaceAll('-', '_')}`;
    const value = line.slice(colon + 2);
    const before = variables.get(name);
    const between = lower === 'cookie' ? '; ' : ', ';
    variables.set(name, before === undefined ? value : `${before}${between}${value}`);
  }
  return variables;
}

/** The bytes that a path stands for; what is no escape stays as it is. */
function decoded(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}
