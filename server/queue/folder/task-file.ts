import { err, messageOf, ok, type Result } from '../../../shared/result.js';
import { MOST_PAYLOAD } from '../bounds.js';
import type { TaskOrder } from '../contract.js';

/** What the second line of a task's file tells. */
export interface TaskHead extends Pick<
  TaskOrder,
  'name' | 'priority' | 'retries' | 'backoff' | 'timeout' | 'dedupeKey'
> {
  readonly id: string;
  readonly payload: unknown;
  /** When it was put in, in milliseconds since 1970. */
  readonly spooledAt: number;
  /** When it was due at first, in microseconds since 1970. */
  readonly due: number;
  /** Whether a body follows; one may be empty. */
  readonly hasBody: boolean;
}

/** The longest first and second line together: a payload and all that stands around it. */
export const MOST_HEAD = MOST_PAYLOAD + 64 * 1024;
/** More than any last line has. */
export const MOST_TRAILER = 128;

const FIRST_LINE = 'tsuwsgi task 1\n';
const ANY_VERSION = /^tsuwsgi task (\d{1,9})\n/;
const TRAILER = /\nsha256 ([0-9a-f]{64}) length (\d{1,15})\n$/;

/** The first two lines; `payload` is JSON in one line, which is taken over as it is. */
export function encodeHead(head: Omit<TaskHead, 'payload'>, payload: string): Buffer {
  const { id, name, priority, retries, backoff, timeout, dedupeKey, spooledAt, due, hasBody } =
    head;
  const before = JSON.stringify({ id, name }).slice(0, -1);
  const rest = { priority, retries, backoff, timeout, dedupeKey, spooledAt, due, body: hasBody };
  const after = JSON.stringify(rest).slice(1);
  return Buffer.from(`${FIRST_LINE}${before},"payload":${payload},${after}\n`);
}

/** The last line, for a file whose lines and body have this digest and length. */
export function encodeTrailer(sha256: string, length: number): Buffer {
  return Buffer.from(`\nsha256 ${sha256} length ${length}\n`);
}

/** What the last line of a file says of all before it. */
export interface Trailer {
  readonly sha256: string;
  readonly length: number;
}

/**
 * Reads the last line from the end of a file, `size` bytes long in all. The error says why the file
 * is not whole.
 */
export function decodeTrailer(end: Buffer, size: number): Result<Trailer, string> {
  const [line, sha256, digits] = TRAILER.exec(end.toString('latin1')) ?? [];
  if (line === undefined || sha256 === undefined) return err('it does not end with its digest');
  const length = Number(digits);
  if (length + line.length !== size) {
    return err(`it has ${size} bytes, and its last line speaks of ${length + line.length}`);
  }
  return ok({ sha256, length });
}

/** A head, and where the body begins. */
export interface DecodedHead {
  readonly head: TaskHead;
  readonly bodyStart: number;
}

/** Reads the first two lines from the beginning of a file. The error says why they are none. */
export function decodeHead(start: Buffer): Result<DecodedHead, string> {
  const version = ANY_VERSION.exec(start.toString('latin1', 0, 32))?.[1];
  if (version === undefined) return err('it does not begin as a task does');
  if (version !== '1') return err(`it has format ${version}; this version reads format 1`);
  const end = start.indexOf(0x0a, FIRST_LINE.length);
  if (end < 0) return err('its second line does not end');
  const head = parseHead(start.toString('utf8', FIRST_LINE.length, end));
  return head.ok ? ok({ head: head.value, bodyStart: end + 1 }) : head;
}

function parseHead(line: string): Result<TaskHead, string> {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch (error) {
    return err(`its second line is not JSON: ${messageOf(error)}`);
  }
  if (typeof read !== 'object' || read === null) return err('its second line is no object');
  const fields = read as Readonly<Record<string, unknown>>;
  const wrong = Object.keys(FIELDS).find((key) => FIELDS[key]?.(fields[key]) !== true);
  if (wrong !== undefined) return err(`"${wrong}" in its second line is missing or wrong`);
  const { body, ...rest } = fields as unknown as Omit<TaskHead, 'hasBody'> & { body: boolean };
  return ok({ ...rest, hasBody: body });
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isAmount = (value: unknown): boolean => Number.isFinite(value) && Number(value) >= 0;

const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  id: (value) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value),
  name: (value) => typeof value === 'string' && value !== '',
  payload: (value) => value !== undefined,
  priority: (value) => isWhole(value) && Number(value) <= 9,
  retries: isWhole,
  backoff: isAmount,
  timeout: (value) => value === null || isAmount(value),
  dedupeKey: (value) => value === null || typeof value === 'string',
  spooledAt: isAmount,
  due: isWhole,
  body: (value) => typeof value === 'boolean',
};
