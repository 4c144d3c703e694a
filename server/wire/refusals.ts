/**
 * Why a worker refuses a request: the keys of `refused` in the stats document, in the
 * order in which a worker's shared memory counts them.
 */
export const REFUSAL_CODES = [
  'duplicate_host',
  'invalid_host',
  'duplicate_content_type',
  'coding_in_http_1_0',
  'unknown_coding',
  'asterisk_target',
  'http_version',
  'forbidden_trailer',
  'uwsgi_packet',
  'malformed',
  'headers_too_large',
  'extensions_too_large',
  'request_timeout',
  'connect',
  'line_too_long',
  'too_many_fields',
  'field_too_large',
  'body_too_large',
  'missing_host',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** How often each code came, as [code, requests]; codes that never came are left out. */
export type RefusalCounts = readonly (readonly [code: string, requests: number])[];

/** Adds two counts; a code that only one of them knows is kept. */
export function addRefusals(a: RefusalCounts, b: RefusalCounts): RefusalCounts {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const sum = new Map(a.map(([code, requests]) => [code, requests]));
  for (const [code, requests] of b) sum.set(code, (sum.get(code) ?? 0) + requests);
  return [...sum];
}

/** More codes than any version of ours has. */
const MAX_CODES = 32;

/** Whether a value from the wire is a count of refusals: its codes become keys of the document. */
export function isRefusalCounts(value: unknown): value is RefusalCounts {
  return Array.isArray(value) && value.length <= MAX_CODES && value.every(isCount);
}

function isCount(value: unknown): value is [string, number] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const code: unknown = value[0];
  const requests: unknown = value[1];
  if (typeof code !== 'string' || !/^[a-z][a-z0-9_]{0,39}$/.test(code)) return false;
  return typeof requests === 'number' && Number.isFinite(requests) && requests >= 0;
}
