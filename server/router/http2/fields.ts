import { isHopByHop } from '../../http/fields.js';
import { responseFields } from '../response-fields.js';
import type { ResponseHead } from '../response-head.js';
import { withTransportSecurity } from '../transport-security.js';

type Fields = Record<string, string | string[]>;

/** The fields of an answer as HTTP/2 has them: in lower case, without those of a connection. */
export function answerFields(
  head: Pick<ResponseHead, 'status' | 'rawHeaders'>,
  keepsTrailers: boolean,
  transportSecurity: string | null,
): Fields {
  return collect(withTransportSecurity(responseFields(head, keepsTrailers), transportSecurity));
}

/** Trailers, likewise. */
export function trailerFields(rawTrailers: readonly string[]): Fields {
  return collect(rawTrailers);
}

/**
 * Node throws for a second line of these: the first one holds, as it does with those who read
 * HTTP/1.1.
 */
const SINGLE = new Set(
  (
    'access-control-allow-credentials access-control-max-age age authorization content-encoding ' +
    'content-language content-length content-location content-md5 content-range content-type ' +
    'date dnt etag expires from host if-match if-modified-since if-none-match if-range ' +
    'if-unmodified-since last-modified location max-forwards proxy-authorization range referer ' +
    'retry-after tk upgrade-insecure-requests user-agent x-content-type-options ' +
    'access-control-request-method'
  ).split(' '),
);

/** Fields that HTTP/2 does not allow and that are not of every connection in HTTP/1.1. */
const NOT_IN_HTTP2 = new Set(['http2-settings', 'te']);

function collect(rawFields: readonly string[]): Fields {
  const fields = Object.create(null) as Fields;
  for (let i = 0; i < rawFields.length; i += 2) {
    const name = (rawFields[i] ?? '').toLowerCase();
    const value = rawFields[i + 1] ?? '';
    if ((isHopByHop(name) && name !== 'proxy-authenticate') || NOT_IN_HTTP2.has(name)) continue;
    const before = fields[name];
    if (before === undefined) fields[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else if (!SINGLE.has(name)) fields[name] = [before, value];
  }
  return fields;
}
