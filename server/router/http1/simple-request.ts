import type { LoggedConnection, LoggedRequest } from '../../request-log/logged.js';
import { headersOf } from '../../http/headers-of.js';
import type { ClientRequest } from '../request-head.js';

/**
 * A request without a body whose head leaves nothing to interpret. Everything else is for Node's
 * parser, and for the gate behind it.
 */
export class SimpleRequest implements ClientRequest, LoggedRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: string[];
  /** Whether the client wants the connection to end with the answer. */
  readonly closes: boolean;
  readonly socket: LoggedConnection;
  readonly httpVersion = '1.1';
  readonly httpVersionMajor = 1;
  readonly httpVersionMinor = 1;
  readonly complete = true;

  constructor(
    line: { readonly method: string; readonly url: string },
    fields: { readonly rawHeaders: string[]; readonly closes: boolean },
    socket: LoggedConnection,
  ) {
    this.method = line.method;
    this.url = line.url;
    this.rawHeaders = fields.rawHeaders;
    this.closes = fields.closes;
    this.socket = socket;
  }

  get headers(): LoggedRequest['headers'] {
    return headersOf(this.rawHeaders);
  }
}

/**
 * Methods without a body, a path of the characters of RFC 3986, fields of printable ASCII whose names
 * have no underscore, lines ended by CR LF, and nothing behind the empty line. Each class ends where
 * the next one begins, so that there is one way to match and no way back.
 */
const SIMPLE_HEAD =
  /^(GET|HEAD) (\/[\w\-.~!$&'()*+,;=:@%/?]*) HTTP\/1\.1\r\n(?:[!#$%&'*+.^`|~0-9A-Za-z-]+:[\t\x20-\x7e]*\r\n)+\r\n$/;

/** The length of the empty line. */
const END = 2;

/** Reads what came on a connection as one simple request; null when it is anything else. */
export function readSimpleRequest(bytes: Buffer, socket: LoggedConnection): SimpleRequest | null {
  const text = bytes.toString('latin1');
  const line = SIMPLE_HEAD.exec(text);
  if (line === null) return null;
  const [, method = '', url = ''] = line;
  const fields = readFields(text, method.length + url.length + ' HTTP/1.1\r\n'.length + 1);
  return fields === null ? null : new SimpleRequest({ method, url }, fields, socket);
}

function readFields(
  text: string,
  from: number,
): Pick<SimpleRequest, 'rawHeaders' | 'closes'> | null {
  const rawHeaders: string[] = [];
  let connection: string | null = null;
  for (let at = from; at < text.length - END;) {
    const colon = text.indexOf(':', at);
    const end = text.indexOf('\r', colon);
    const name = text.slice(at, colon);
    const value = text.slice(colon + 1, end).trim();
    switch (kindOf(name)) {
      case 'other':
        break;
      case 'connection':
        if (connection !== null) return null;
        connection = value.toLowerCase();
        break;
      case 'not simple':
        return null;
    }
    rawHeaders.push(name, value);
    at = end + END;
  }
  if (connection === null || connection === 'keep-alive') return { rawHeaders, closes: false };
  return connection === 'close' ? { rawHeaders, closes: true } : null;
}

/** Fields that frame a body, or are about more than this request, by their lengths. */
const NOT_SIMPLE: readonly (readonly string[])[] = [
  ...['te', 'expect', 'trailer', 'upgrade', 'keep-alive', 'http2-settings'],
  ...['content-length', 'proxy-connection', 'transfer-encoding'],
].reduce<string[][]>((lengths, name) => {
  (lengths[name.length] ??= []).push(name);
  return lengths;
}, []);

const CONNECTION = 'connection';

/** Most names are passed over by their length. */
function kindOf(name: string): 'other' | 'connection' | 'not simple' {
  const { length } = name;
  if (length === CONNECTION.length) {
    const lower = name.toLowerCase();
    if (lower === CONNECTION) return 'connection';
    return lower === 'keep-alive' ? 'not simple' : 'other';
  }
  const names = NOT_SIMPLE[length];
  return names?.includes(name.toLowerCase()) === true ? 'not simple' : 'other';
}
