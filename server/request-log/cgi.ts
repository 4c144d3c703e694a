import { plainPeer } from './client.js';
import type { LoggedRequest } from './logged.js';

/** Bytes of the names of the ten variables that every request has, and of the lengths before each. */
const OWN_BYTES =
  'REQUEST_METHODREQUEST_URIPATH_INFOQUERY_STRINGSERVER_PROTOCOLSCRIPT_NAMESERVER_NAMESERVER_PORTREMOTE_ADDRREMOTE_PORT'
    .length +
  10 * 4;

/** How many CGI variables uWSGI would make of a request, and their size in a uwsgi packet. */
export function cgiSize(request: LoggedRequest): { count: number; bytes: number } {
  const { rawHeaders, socket } = request;
  const { method = '', url = '' } = request;
  const { localPort = '', remoteAddress = '', remotePort = '' } = socket;
  // Path and query are the address once more, without what stands between them.
  const parts = url.length - (url.includes('?') ? 1 : 0);
  let bytes = OWN_BYTES + method.length + url.length + parts;
  bytes += `HTTP/${request.httpVersion}`.length + (request.headers.host ?? '').length;
  bytes += String(localPort).length + plainPeer(remoteAddress).length + String(remotePort).length;
  for (const text of rawHeaders) bytes += text.length + 2;
  bytes += ('HTTP_'.length * rawHeaders.length) / 2;
  return { count: 10 + rawHeaders.length / 2, bytes };
}

/** Variables that are not fields of the header. */
const OWN: Readonly<Record<string, (request: LoggedRequest) => string | null>> = {
  REQUEST_METHOD: ({ method }) => method ?? null,
  REQUEST_URI: ({ url }) => url ?? null,
  PATH_INFO: ({ url }) => url?.replace(/\?.*$/s, '') ?? null,
  QUERY_STRING: ({ url }) => /\?(.*)$/s.exec(url ?? '')?.[1] ?? null,
  SERVER_PROTOCOL: protocolOf,
  SERVER_NAME: ({ headers }) => headers.host ?? null,
  SERVER_PORT: ({ socket }) => String(socket.localPort ?? ''),
  REMOTE_ADDR: ({ socket }) => plainPeer(socket.remoteAddress ?? ''),
  REMOTE_PORT: ({ socket }) => String(socket.remotePort ?? ''),
};

/** The CGI variable of a request, or null. */
export function cgiVariable(request: LoggedRequest, name: string): string | null {
  const packed = request.socket.uwsgi;
  if (packed !== undefined && Object.hasOwn(packed, name)) return packed[name] ?? null;
  const own = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  return own === undefined ? headerVariable(request, name) : own(request);
}

/** `HTTP/1.1`; empty for what never became a request. */
export function protocolOf({ httpVersion }: LoggedRequest): string {
  return httpVersion === '' ? '' : `HTTP/${httpVersion}`;
}

function headerVariable({ headers }: LoggedRequest, name: string): string | null {
  const isField = name.startsWith('HTTP_') || name === 'CONTENT_TYPE' || name === 'CONTENT_LENGTH';
  if (!isField) return null;
  const field = name
    .replace(/^HTTP_/, '')
    .toLowerCase()
    .replaceAll('_', '-');
  const value = Object.hasOwn(headers, field) ? headers[field] : undefined;
  return Array.isArray(value) ? value.join(', ') : (value ?? null);
}
