import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Requests as files, `test/fixtures/requests/{valid,invalid}/NAME.req`. The first line is `# ` and
 * what is expected; all that follows are the bytes, written to be read: `\r`, `\n`, `\t`, `\\` and
 * `\xHH` stand for one each, and the line ends of the file for none.
 */

/** What must be refused, and how. */
export interface InvalidRequest {
  readonly name: string;
  readonly status: number;
  readonly why: string;
  readonly bytes: Buffer;
}

/** What an application must see: each request as `METHOD TARGET "BODY"`. */
export interface ValidRequest {
  readonly name: string;
  readonly sees: string;
  readonly bytes: Buffer;
}

// The compiled test lies one folder deeper, under dist/.
const FOLDER = path.join(import.meta.dirname, '../../../test/fixtures/requests');

interface Entry {
  readonly name: string;
  readonly head: string;
  readonly bytes: Buffer;
}

function entries(kind: 'valid' | 'invalid'): Entry[] {
  const folder = path.join(FOLDER, kind);
  return readdirSync(folder).map((file) => {
    const text = readFileSync(path.join(folder, file), 'latin1');
    const end = text.indexOf('\n');
    return {
      name: path.basename(file, '.req'),
      head: text.slice(2, end),
      bytes: unescaped(text.slice(end + 1)),
    };
  });
}

const SIGNS: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '\\': '\\' };

function unescaped(text: string): Buffer {
  const bytes = text
    .replaceAll('\n', '')
    .replace(/\\(?:x([0-9a-f]{2})|(.))/g, (all, hex: string | undefined, sign: string) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      const known = SIGNS[sign];
      if (known === undefined) throw new Error(`what is ${all}?`);
      return known;
    });
  return Buffer.from(bytes, 'latin1');
}

export function invalidRequests(): InvalidRequest[] {
  return entries('invalid').map(({ name, head, bytes }) => {
    const [, status, why = ''] = /^(\d{3}) (.*)$/.exec(head) ?? [];
    return { name, status: Number(status), why, bytes };
  });
}

export function validRequests(): ValidRequest[] {
  return entries('valid').map(({ name, head, bytes }) => {
    const [sees = ''] = head.split(' # ');
    return { name, sees, bytes };
  });
}
