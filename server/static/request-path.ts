import { readTarget } from '../router/target.js';

/** The path of a request, as far as it could name a file. */
export interface RequestPath {
  /** Decoded, up to the one that could not be taken for a name. */
  readonly segments: readonly string[];
  /** Why what follows `segments` is no name: the status that says so; null when all are. */
  readonly fault: 400 | 404 | null;
  /** Whether it ends with a slash. */
  readonly isFolder: boolean;
  /** As it was sent, without the query. */
  readonly raw: string;
  /** With its question mark; empty without one. */
  readonly query: string;
}

/** Made to be read by anybody (RFC 8615), where other names with a dot are nobody's business. */
const WELL_KNOWN = '.well-known';

/**
 * Reads the target of a GET or HEAD; null when it cannot name a file. Each segment is decoded by
 * itself, once, after the path was divided: a slash, a backslash or a dot that was written as `%2f`,
 * `%5c` or `%2e` never moves to another folder.
 */
export function readRequestPath(url: string): RequestPath | null {
  const target = readTarget(url, 'GET');
  if (target === null) return null;
  const mark = target.path.indexOf('?');
  const raw = mark < 0 ? target.path : target.path.slice(0, mark);
  const parts = raw.slice(1).split('/');
  const isFolder = parts.at(-1) === '';
  if (isFolder) parts.pop();
  const segments: string[] = [];
  let fault: RequestPath['fault'] = null;
  for (const part of parts) {
    const name = nameOf(part);
    if (typeof name === 'number') {
      fault = name;
      break;
    }
    segments.push(name);
  }
  return { segments, fault, isFolder, raw, query: mark < 0 ? '' : target.path.slice(mark) };
}

/** The name that a segment stands for, or the status that tells why it stands for none. */
function nameOf(part: string): string | 400 | 404 {
  // Most segments are what they look like.
  const name = part.includes('%') ? decoded(part) : part;
  if (name === null || name === '.' || name === '..' || /[/\\\0]/.test(name)) return 400;
  // Two slashes in turn: no file has an empty name.
  if (name === '') return 404;
  return name.startsWith('.') && name !== WELL_KNOWN ? 404 : name;
}

/** Null: a percent sign without two digits, or bytes that are no UTF-8 (overlong ones too). */
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
