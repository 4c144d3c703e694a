import type http from 'node:http';
import type { Refusal } from './refusal.js';

/** How large a request may be. */
export interface RequestLimits {
  /** Bytes of the line of the request: `--limit-line`. */
  readonly line: number;
  /** Header fields: `--limit-fields`. */
  readonly fields: number;
  /** Bytes of one of them: `--limit-field-size`. */
  readonly fieldSize: number;
  /** Bytes of the body, 0 for no limit: `--limit-post`. */
  readonly body: number;
}

export const DEFAULT_LIMITS: RequestLimits = { line: 8190, fields: 100, fieldSize: 8190, body: 0 };

const REFUSALS = {
  /** RFC 9110 §15.5.15. */
  line: { code: 'line_too_long', status: 414, reason: 'the line of the request is too long' },
  /** RFC 6585 §5. */
  fields: { code: 'too_many_fields', status: 431, reason: 'too many header fields' },
  field: { code: 'field_too_large', status: 431, reason: 'a header field is too large' },
} as const satisfies Record<string, Refusal>;

/** RFC 9110 §15.5.14. */
export const BODY_TOO_LARGE = {
  code: 'body_too_large',
  status: 413,
  reason: 'the body of the request is too large',
} as const satisfies Refusal;

/** What a line has besides method and target: two spaces and the version. */
const LINE_REST = ' '.length + ' HTTP/1.1'.length;

/** Why a head is too large; null where it is not. Runs on every request. */
export function beyondLimits(
  {
    method = '',
    url = '',
    rawHeaders,
  }: Pick<http.IncomingMessage, 'method' | 'url'> & { readonly rawHeaders: readonly string[] },
  limits: RequestLimits,
): Refusal | null {
  if (method.length + url.length + LINE_REST > limits.line) return REFUSALS.line;
  if (rawHeaders.length > 2 * limits.fields) return REFUSALS.fields;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const size = (rawHeaders[i]?.length ?? 0) + (rawHeaders[i + 1]?.length ?? 0) + ': '.length;
    if (size > limits.fieldSize) return REFUSALS.field;
  }
  return null;
}

/** Whether a request says that its body is larger than it may be; the gate has read its length. */
export function announcesTooMuch(length: string | undefined, { body }: RequestLimits): boolean {
  return body > 0 && length !== undefined && Number(length) > body;
}
