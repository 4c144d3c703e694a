/** A request as a strict reader of RFC 9112 sees it: `METHOD TARGET "BODY"`. */
export interface StrictReading {
  /** Those before the first that is invalid, and are whole. */
  readonly requests: readonly string[];
  /** Whether all bytes are requests. */
  readonly isValid: boolean;
}

interface Head {
  readonly line: RegExpExecArray;
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly end: number;
}

interface Body {
  readonly text: string;
  readonly end: number;
}

/** Reads requests one behind the other, each character a byte, and takes nothing that is in doubt. */
export function readStrictly(text: string): StrictReading {
  const requests: string[] = [];
  let at = 0;
  while (at < text.length) {
    const head = readHead(text, at);
    const body = head === null ? null : readBody(text, head);
    if (head === null || body === null) return { requests, isValid: false };
    const [, method = '', target = ''] = head.line;
    requests.push(`${method} ${target} ${JSON.stringify(body.text)}`);
    at = body.end;
  }
  return { requests, isValid: true };
}

function readHead(text: string, at: number): Head | null {
  const end = text.indexOf('\r\n\r\n', at);
  if (end < 0) return null;
  const [first = '', ...lines] = text.slice(at, end).split('\r\n');
  const line = /^([A-Z]+) (\/[!-~]*) HTTP\/1\.1$/.exec(first);
  const fields = readFields(lines);
  if (line === null || fields === null) return null;
  const hosts = fields.get('host') ?? [];
  const isHost = hosts.length === 1 && /^[\w.:-]+$/.test(hosts.join());
  return isHost ? { line, fields, end: end + 4 } : null;
}

function readFields(lines: readonly string[]): Map<string, readonly string[]> | null {
  const fields = new Map<string, readonly string[]>();
  for (const each of lines) {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~\w-]+):[\t ]*([\t\x20-\x7e]*)$/.exec(each) ?? [];
    if (name === undefined) return null;
    const key = name.toLowerCase();
    fields.set(key, [...(fields.get(key) ?? []), value.trim()]);
  }
  return fields;
}

function readBody(text: string, { fields, end }: Head): Body | null {
  const lengths = fields.get('content-length') ?? [];
  const codings = fields.get('transfer-encoding') ?? [];
  if (codings.length > 0) {
    return lengths.length === 0 && codings.join().toLowerCase() === 'chunked'
      ? readChunks(text, end)
      : null;
  }
  if (lengths.length === 0) return { text: '', end };
  const length = /^\d{1,9}$/.test(lengths.join()) ? Number(lengths[0]) : Infinity;
  if (end + length > text.length) return null;
  return { text: text.slice(end, end + length), end: end + length };
}

function readChunks(text: string, begin: number): Body | null {
  let at = begin;
  let body = '';
  for (;;) {
    const [line, size = ''] = /^([0-9A-Fa-f]{1,6})(?:;[\w=]*)?\r\n/.exec(text.slice(at)) ?? [];
    if (line === undefined) return null;
    at += line.length;
    const length = parseInt(size, 16);
    if (length === 0) return text.startsWith('\r\n', at) ? { text: body, end: at + 2 } : null;
    body += text.slice(at, at + length);
    at += length;
    if (!text.startsWith('\r\n', at)) return null;
    at += 2;
  }
}
