import http from 'node:http';
import type { Duplex } from 'node:stream';
import { addTokens } from './field-syntax.js';

/** What a server does with a connection on which HTTP is spoken; Node does not document it. */
type Listen = (this: http.Server, connection: Duplex) => void;

const listen = Reflect.get(http, '_connectionListener') as Listen;

type OnIncoming = (request: http.IncomingMessage, keepAlive: boolean) => number;

/** What Node's parser calls with each head: 2 has it let go of the connection, body and all. */
interface Parser {
  onIncoming?: OnIncoming | null;
}

const READS_BODIES = Number.parseInt(process.versions.node) >= 25;

/**
 * Since version 25 Node reads the body of a request that offers another protocol, and what lies in
 * the same packet behind it comes after that body: nothing could be read again then. So the parser is
 * told to let go before the body, as it always did before, where HTTP/2 in the clear is offered.
 */
export function leaveH2cBodies(server: http.Server): void {
  if (READS_BODIES) server.on('connection', letGoAtOffers);
}

function letGoAtOffers(connection: Duplex): void {
  const parser = Reflect.get(connection, 'parser') as Parser | null | undefined;
  const read = parser?.onIncoming;
  if (parser == null || read == null) return;
  parser.onIncoming = (request, keepAlive) => {
    const wanted = read(request, keepAlive);
    const isUpgrade = Reflect.get(request, 'upgrade') === true;
    return isUpgrade && offersH2c(request) ? 2 : wanted;
  };
}

/**
 * Takes an offer of HTTP/2 in the clear, which Java's client makes with its first request, for a
 * request without that offer: HTTP/2 is not spoken so, and a server may ignore an upgrade (RFC 9110
 * §7.8). Node's parser has let go of the connection by then and would not read the body: so the
 * request is put back before the bytes behind its head, and read again. False: it is something
 * else, or a request before it still has the connection.
 */
export function ignoreH2c(
  server: http.Server,
  request: http.IncomingMessage,
  connection: Duplex,
  early: Buffer,
): boolean {
  if (!offersH2c(request)) return false;
  const isBusy = Reflect.get(connection, '_httpMessage') != null;
  if (isBusy || connection.destroyed) return false;
  if (early.length > 0) connection.unshift(early);
  connection.unshift(Buffer.from(headWithout(request), 'latin1'));
  listen.call(server, connection);
  if (READS_BODIES) letGoAtOffers(connection);
  return true;
}

function offersH2c(request: http.IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'h2c';
}

/** The head as it came, without what is said of the upgrade. */
function headWithout({ method, url, httpVersion, rawHeaders }: http.IncomingMessage): string {
  let text = `${method ?? ''} ${url ?? ''} HTTP/${httpVersion}\r\n`;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = valueWithout(name.toLowerCase(), rawHeaders[i + 1] ?? '');
    if (value !== null) text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
}

function valueWithout(name: string, value: string): string | null {
  if (name === 'upgrade' || name === 'http2-settings') return null;
  if (name !== 'connection') return value;
  const options: string[] = [];
  addTokens(options, value);
  const kept = options.filter((option) => option !== 'upgrade' && option !== 'http2-settings');
  return kept.length === 0 ? null : kept.join(', ');
}
