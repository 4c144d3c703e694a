/** A request as a strict reader of RFC 9112 sees it, and as an application must. */
export interface StrictRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  /** The fields that begin with `x-`, as `name: value`, in their order. */
  readonly fields: readonly string[];
  readonly body: string;
  /** The same of the trailers. */
  readonly trailers: readonly string[];
}

export interface StrictReading {
  /** Those before the first that is invalid, and are whole. */
  readonly requests: readonly StrictRequest[];
  /**
   * Why it ends: all bytes were read, the last request closes its connection, or what comes next is
   * invalid.
   */
  readonly ending: 'all' | 'closed' | 'invalid';
  /** Where the last whole request ends. */
  readonly end: number;
  /** One whose head is valid, and its body is not: an application may see that it began. */
  readonly begun: StrictRequest | null;
}

/** What is behind the front. */
export interface Strictness {
  /**
   * Whether requests become packets of the uwsgi protocol: these tell a length, so a body in chunks
   * is held until its end; they have one variable for all lines of a name, and none for trailers.
   */
  readonly isPacked: boolean;
}

interface Head extends Omit<StrictRequest, 'body' | 'trailers'> {
  readonly all: ReadonlyMap<string, readonly string[]>;
  readonly closes: boolean;
  readonly end: number;
}

interface Body {
  readonly body: string;
  readonly trailers: readonly string[];
  readonly end: number;
}

/** Reads requests one behind the other, each character a byte, and takes nothing that is in doubt. */
export function readStrictly(
  text: string,
  { isPacked }: Strictness = { isPacked: false },
): StrictReading {
  const requests: StrictRequest[] = [];
  let end = 0;
  while (end < text.length) {
    // RFC 9112 §2.2: an empty line before a request is passed over.
    const head = readHead(text, text.startsWith('\r\n', end) ? end + 2 : end);
    const read = head === null ? null : readBody(text, head);
    if (head === null || read === null) {
      return { requests, ending: 'invalid', end, begun: begunOf(head, isPacked) };
    }
    const request = requestOf(head, read);
    requests.push(isPacked ? packed(request) : request);
    end = read.end;
    if (head.closes) return { requests, ending: 'closed', end, begun: null };
  }
  return { requests, ending: 'all', end, begun: null };
}

/** What an application may have seen of a request whose body is faulty. */
function begunOf(head: Head | null, isPacked: boolean): StrictRequest | null {
  if (head === null || (isPacked && head.all.has('transfer-encoding'))) return null;
  return requestOf(head, { body: '', trailers: [] });
}

function packed(request: StrictRequest): StrictRequest {
  return { ...request, fields: joined(request.fields), trailers: [] };
}

function requestOf(
  { method, target, host, fields }: Head,
  { body, trailers }: Omit<Body, 'end'>,
): StrictRequest {
  return { method, target, host, fields, body, trailers };
}

/** Lines of one name as one, with a comma between (RFC 9110 §5.3), and no space behind all of it. */
function joined(fields: readonly string[]): string[] {
  const values = new Map<string, string[]>();
  for (const field of fields) {
    const name = field.slice(0, field.indexOf(':'));
    values.set(name, [...(values.get(name) ?? []), field.slice(name.length + 2)]);
  }
  return [...values].map(([name, all]) => `${name}: ${all.join(', ').trimEnd()}`);
}

function readHead(text: string, at: number): Head | null {
  const end = text.indexOf('\r\n\r\n', at);
  if (end < 0) return null;
  const [first = '', ...lines] = text.slice(at, end).split('\r\n');
  const start = readStart(first);
  const all = readFields(lines);
  if (start === null || all === null || !isFramed(all, start.isNew)) return null;
  // Two of them are joined by a comma.
  const host = all.get('host')?.join() ?? '';
  if (!/^[\w.:-]+$/.test(host)) return null;
  const { method, target, isNew } = start;
  const closes = !isNew || all.get('connection')?.join() === 'close';
  return { method, target, host, fields: chosen(lines), all, closes, end: end + 4 };
}

function readStart(line: string): { method: string; target: string; isNew: boolean } | null {
  const [, method, target = '', version] = /^([A-Z]+) (\/[!-~]*) HTTP\/1\.([01])$/.exec(line) ?? [];
  return method === undefined ? null : { method, target, isNew: version === '1' };
}

const FIELD = /^([!#$%&'*+.^_`|~\w-]+):[\t ]*([\t\x20-\x7e]*)$/;

function readFields(lines: readonly string[]): Map<string, readonly string[]> | null {
  const fields = new Map<string, readonly string[]>();
  for (const each of lines) {
    const [, name, value = ''] = FIELD.exec(each) ?? [];
    if (name === undefined) return null;
    const key = name.toLowerCase();
    fields.set(key, [...(fields.get(key) ?? []), value.trim()]);
  }
  return fields;
}

/** Whether it is told in one way, and certainly, where the body ends. */
function isFramed(all: ReadonlyMap<string, readonly string[]>, isNew: boolean): boolean {
  const lengths = all.get('content-length') ?? [];
  const codings = all.get('transfer-encoding') ?? [];
  if (codings.length > 0) {
    return isNew && lengths.length === 0 && codings.join().toLowerCase() === 'chunked';
  }
  return lengths.length === 0 || /^\d{1,9}$/.test(lengths.join());
}

/** Valid lines that begin with `x-`, as an application is compared by them. */
function chosen(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, name = '', value = ''] = FIELD.exec(line) ?? [];
    return /^x-/i.test(name) ? [`${name.toLowerCase()}: ${value.trim()}`] : [];
  });
}

function readBody(text: string, { all, end }: Head): Body | null {
  if (all.has('transfer-encoding')) return readChunks(text, end);
  const length = Number(all.get('content-length')?.join() ?? 0);
  if (end + length > text.length) return null;
  return { body: text.slice(end, end + length), trailers: [], end: end + length };
}

function readChunks(text: string, begin: number): Body | null {
  let at = begin;
  let body = '';
  for (;;) {
    const [line, size = ''] = /^([0-9A-Fa-f]{1,6})(?:;[\w=]*)?\r\n/.exec(text.slice(at)) ?? [];
    if (line === undefined) return null;
    at += line.length;
    const length = parseInt(size, 16);
    if (length === 0) return readTrailers(text, at, body);
    body += text.slice(at, at + length);
    at += length;
    if (!text.startsWith('\r\n', at)) return null;
    at += 2;
  }
}

/** What frames, routes or authorises a message is none of its trailers (RFC 9110 §6.5.1). */
const NO_TRAILERS = ['host', 'content-length', 'transfer-encoding', 'authorization', 'cookie'];

function readTrailers(text: string, at: number, body: string): Body | null {
  if (text.startsWith('\r\n', at)) return { body, trailers: [], end: at + 2 };
  const end = text.indexOf('\r\n\r\n', at);
  if (end < 0) return null;
  const lines = text.slice(at, end).split('\r\n');
  const all = readFields(lines);
  if (all === null || NO_TRAILERS.some((name) => all.has(name))) return null;
  return { body, trailers: chosen(lines), end: end + 4 };
}
