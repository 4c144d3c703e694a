const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/**
 * The text without commas that stand before the end of a list or object. A uWSGI router writes one
 * after its address when another router's follows in memory; JSON knows no such comma.
 */
export function withoutTrailingCommas(text: string): string {
  const parts: string[] = [];
  let from = 0;
  let comma = -1;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === BACKSLASH) index++;
      else if (code === QUOTE) inString = false;
      continue;
    }
    if (comma >= 0 && isEnd(code)) {
      parts.push(text.slice(from, comma));
      from = comma + 1;
    }
    inString = code === QUOTE;
    if (code === COMMA) comma = index;
    else if (!isSpace(code)) comma = -1;
  }
  return parts.length === 0 ? text : [...parts, text.slice(from)].join('');
}

const isEnd = (code: number): boolean => code === 0x5d || code === 0x7d;

const isSpace = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
