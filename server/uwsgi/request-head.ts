import { isIP } from 'node:net';
import { err, ok, type Result } from '../../shared/result.js';
import { type Fault, malformed } from './fault.js';
import type { Variable } from './packet.js';

/** A request as its variables describe it. */
export interface UwsgiRequest {
  /** The same as the head of an HTTP request, for Node's parser: latin1. */
  readonly head: string;
  /** How many bytes of body follow the packet. */
  readonly length: number;
  /** Whether the client wants another protocol on this connection. */
  readonly isUpgrade: boolean;
  /** The version that its answer begins with, such as `HTTP/2.0`. */
  readonly protocol: string;
  /** Whether the client of the web server came by TLS. */
  readonly isSecure: boolean;
  /** That client, where the web server told of it. */
  readonly peer: { readonly address: string; readonly port: number | undefined } | null;
  readonly localPort: number | undefined;
  /** Every variable of the packet; of those that came twice the last. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables by which a uWSGI would load other code, and which mean nothing here. */
  readonly magic: readonly string[];
}

/** What is read here and may therefore be there once only. */
const SINGLE: ReadonlySet<string> = new Set([
  ...['REQUEST_METHOD', 'REQUEST_URI', 'SCRIPT_NAME', 'PATH_INFO', 'QUERY_STRING'],
  ...['SERVER_PROTOCOL', 'SERVER_PORT', 'CONTENT_LENGTH', 'CONTENT_TYPE'],
  ...['REMOTE_ADDR', 'REMOTE_PORT', 'HTTPS', 'UWSGI_SCHEME'],
]);

/** uWSGI loads, changes or reads what these name; here the command line alone says what is run. */
const MAGIC: ReadonlySet<string> = new Set([
  ...['UWSGI_SCRIPT', 'UWSGI_MODULE', 'UWSGI_CALLABLE', 'UWSGI_FILE', 'UWSGI_APPID'],
  ...['UWSGI_HOME', 'UWSGI_PYHOME', 'UWSGI_CHDIR', 'UWSGI_SETENV', 'UWSGI_POSTFILE'],
  ...['UWSGI_CACHE_GET', 'UWSGI_TOUCH_RELOAD'],
]);

/**
 * Headers that are not passed on: those that were meant for the connection to the web server, and
 * copies of what CONTENT_LENGTH and CONTENT_TYPE say. The web server has undone chunks, and has
 * answered `Expect`.
 */
const DROPPED: ReadonlySet<string> = new Set([
  ...['HTTP_CONTENT_LENGTH', 'HTTP_CONTENT_TYPE', 'HTTP_TRANSFER_ENCODING', 'HTTP_CONNECTION'],
  ...['HTTP_KEEP_ALIVE', 'HTTP_PROXY_CONNECTION', 'HTTP_TE', 'HTTP_TRAILER', 'HTTP_EXPECT'],
  'HTTP_UPGRADE',
]);

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What a line of a head must not hold: everything by which it could end, or hide from a log. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/;

/**
 * Turns the variables of a packet into a request. Nothing becomes a line of the head that could be
 * two, and the body is as long as CONTENT_LENGTH says, whatever else is claimed.
 */
export function readRequest(variables: readonly Variable[]): Result<UwsgiRequest, Fault> {
  const named = nameThem(variables);
  if (!named.ok) return named;
  const vars = named.value;
  const framing = readFraming(vars);
  if (!framing.ok) return framing;
  const { protocol, length } = framing.value;
  const line = requestLine(vars, protocol);
  if (!line.ok) return line;
  const headers = readHeaders(variables);
  if (!headers.ok) return headers;
  const isUpgrade = asksForUpgrade(vars) && length === 0;
  const head =
    line.value +
    headers.value +
    (vars['CONTENT_TYPE'] ? `Content-Type: ${vars['CONTENT_TYPE']}\r\n` : '') +
    (vars['CONTENT_LENGTH'] ? `Content-Length: ${length}\r\n` : '') +
    (isUpgrade ? `Connection: close, Upgrade\r\nUpgrade: ${vars['HTTP_UPGRADE'] ?? ''}\r\n` : '') +
    (isUpgrade ? '\r\n' : 'Connection: close\r\n\r\n');
  return ok({
    ...{ head, length, isUpgrade, protocol },
    isSecure: isSecure(vars),
    peer: peerOf(vars),
    localPort: portOf(vars['SERVER_PORT']),
    variables: vars,
    magic: variables.flatMap(([name]) => (MAGIC.has(name) ? name : [])),
  });
}

type Named = Record<string, string>;

function nameThem(variables: readonly Variable[]): Result<Named, Fault> {
  // Without a prototype, since the names are the client's.
  const named = Object.create(null) as Named;
  for (const [name, value] of variables) {
    if (SINGLE.has(name) && named[name] !== undefined) {
      return err(malformed(`the variable ${name} is there twice`));
    }
    if (SINGLE.has(name) && CONTROL.test(value)) {
      return err(malformed(`the variable ${name} holds a control character`));
    }
    named[name] = value;
  }
  return ok(named);
}

/** A web server gives many variables that are empty, which says as much as none. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function readFraming(vars: Named): Result<{ protocol: string; length: number }, Fault> {
  const protocol = given(vars['SERVER_PROTOCOL']) ?? 'HTTP/1.0';
  if (!/^HTTP\/(1\.[01]|[23](\.0)?)$/.test(protocol)) {
    return err({ status: 505, reason: 'SERVER_PROTOCOL is none of HTTP/1.0, 1.1, 2.0 and 3.0' });
  }
  const written = vars['CONTENT_LENGTH'] ?? '';
  if (!/^\d{0,15}$/.test(written)) return err(malformed('CONTENT_LENGTH is not a number'));
  if (written === '' && (vars['HTTP_TRANSFER_ENCODING'] ?? '') !== '') {
    return err({
      status: 411,
      reason: 'a body of unknown length: there is Transfer-Encoding and no CONTENT_LENGTH',
      remedy: 'the web server in front has to undo chunks, as nginx does with request buffering',
    });
  }
  return ok({ protocol, length: Number(written) });
}

function requestLine(vars: Named, protocol: string): Result<string, Fault> {
  const method = vars['REQUEST_METHOD'] ?? '';
  if (!TOKEN.test(method)) return err(malformed('REQUEST_METHOD is missing or no method'));
  if (method === 'CONNECT') return err({ status: 501, reason: 'the method CONNECT is not served' });
  const target = given(vars['REQUEST_URI']) ?? targetOf(vars);
  if (!isTarget(target)) return err(malformed('REQUEST_URI is no target of a request'));
  return ok(`${method} ${target} ${protocol === 'HTTP/1.0' ? protocol : 'HTTP/1.1'}\r\n`);
}

/** A server that gives no REQUEST_URI has decoded the path. */
function targetOf(vars: Named): string {
  const path = `${vars['SCRIPT_NAME'] ?? ''}${vars['PATH_INFO'] ?? ''}`;
  const query = vars['QUERY_STRING'] ?? '';
  const encoded = path.replace(
    /[^!$&-;=@A-Z_a-z~]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return query === '' ? encoded : `${encoded}?${query}`;
}

function isTarget(target: string): boolean {
  return (target === '*' || /^(\/|https?:\/\/)/i.test(target)) && !/[\0-\x20\x7f]/.test(target);
}

/** The lines of HTTP_* variables. Those that came twice are two lines, as they were at the client. */
function readHeaders(variables: readonly Variable[]): Result<string, Fault> {
  let lines = '';
  for (const [name, value] of variables) {
    if (!name.startsWith('HTTP_') || DROPPED.has(name)) continue;
    const header = headerOf(name);
    if (!TOKEN.test(header)) return err(malformed('the name of an HTTP_ variable is no header'));
    if (CONTROL.test(value)) return err(malformed('a header holds a control character'));
    lines += `${header}: ${value}\r\n`;
  }
  return ok(lines);
}

/** `HTTP_USER_AGENT` is `User-Agent`. */
function headerOf(name: string): string {
  const known = KNOWN.get(name);
  if (known !== undefined) return known;
  const header = name
    .slice('HTTP_'.length)
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/(^|-)[a-z]/g, (text) => text.toUpperCase());
  if (KNOWN.size < MAX_KNOWN) KNOWN.set(name, header);
  return header;
}

/** Requests have the same few headers again and again; a client that makes names up fills no more. */
const KNOWN = new Map<string, string>();
const MAX_KNOWN = 256;

function asksForUpgrade(vars: Named): boolean {
  const wanted = vars['HTTP_UPGRADE'] ?? '';
  return (
    wanted !== '' && !CONTROL.test(wanted) && /\bupgrade\b/i.test(vars['HTTP_CONNECTION'] ?? '')
  );
}

/** As uWSGI decides: UWSGI_SCHEME, and without it HTTPS. */
function isSecure(vars: Named): boolean {
  const scheme = vars['UWSGI_SCHEME'] ?? '';
  return scheme === '' ? /^(on|1)$/i.test(vars['HTTPS'] ?? '') : scheme === 'https';
}

function peerOf(vars: Named): UwsgiRequest['peer'] {
  const address = vars['REMOTE_ADDR'] ?? '';
  return isIP(address) === 0 ? null : { address, port: portOf(vars['REMOTE_PORT']) };
}

function portOf(text = ''): number | undefined {
  return /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}
