import type { Json } from './delta.js';
import { err, messageOf, ok, type Result } from './result.js';
import { withoutTrailingCommas } from './trailing-commas.js';

/** Bytes: a document of ten thousand workers is smaller. */
export const MAX_DOCUMENT = 16 * 1024 * 1024;

/** A stats document is eight levels deep; more is an attack on whatever recurses over it. */
export const MAX_DEPTH = 64;

/** JSON as read. `text` is valid JSON and valid Unicode, also where the bytes were not. */
export interface DecodedText {
  readonly value: Json;
  readonly text: string;
  /** Bytes had to be replaced, or control characters escaped. */
  readonly damaged: boolean;
}

/**
 * Reads bytes as JSON. uWSGI copies request variables without checking them: bytes that are no
 * UTF-8 become U+FFFD, and control characters that stand raw inside strings are taken as
 * themselves. A comma after the last member is left out. Size and nesting are bounded. The error is one sentence.
 */
export function decodeText(bytes: Uint8Array): Result<DecodedText, string> {
  if (bytes.length > MAX_DOCUMENT) {
    return err(`the answer is longer than ${MAX_DOCUMENT} bytes`);
  }
  const utf8 = decodeUtf8(bytes);
  const outline = scan(utf8.text);
  if (outline.depth > MAX_DEPTH) return err(`the answer is nested deeper than ${MAX_DEPTH} levels`);
  const text = outline.controls.length === 0 ? utf8.text : escapeAt(utf8.text, outline.controls);
  const damaged = utf8.damaged || outline.controls.length > 0;
  const read = parsed(text);
  if (read.ok) return ok({ value: read.value, text, damaged });
  const clean = withoutTrailingCommas(text);
  const again = clean === text ? read : parsed(clean);
  if (!again.ok) return read;
  return ok({ value: again.value, text: clean, damaged });
}

function parsed(text: string): Result<Json, string> {
  try {
    return ok(JSON.parse(text) as Json);
  } catch (error) {
    return err(`the answer is not JSON: ${messageOf(error)}`);
  }
}

function decodeUtf8(bytes: Uint8Array): { text: string; damaged: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), damaged: false };
  } catch {
    return { text: new TextDecoder('utf-8').decode(bytes), damaged: true };
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** How deep the brackets go, and where control characters stand inside strings. */
export function scan(text: string): { depth: number; controls: number[] } {
  const controls: number[] = [];
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) inString = !inString;
    else if (inString) {
      if (code === BACKSLASH) index++;
      else if (code < 0x20) controls.push(index);
    } else {
      depth += bracket(code);
      if (depth > deepest) deepest = depth;
    }
  }
  return { depth: deepest, controls };
}

/** 1 for `[` and `{`, -1 for `]` and `}`. */
function bracket(code: number): number {
  if (code === 0x5b || code === 0x7b) return 1;
  return code === 0x5d || code === 0x7d ? -1 : 0;
}

function escapeAt(text: string, places: readonly number[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const place of places) {
    const hex = text.charCodeAt(place).toString(16).padStart(4, '0');
    parts.push(text.slice(from, place), `\\u${hex}`);
    from = place + 1;
  }
  parts.push(text.slice(from));
  return parts.join('');
}
