/** What a client wrote must not forge a line, nor drive the terminal of whoever reads the log. */

const PLAIN_WORD = /^[\x21-\x7e]*$/;
const PLAIN_TEXT = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
/** Controls, what reorders or hides text, and halves of characters. */
const UNSAFE = '\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}';
const UNSAFE_IN_WORD = new RegExp(`[${UNSAFE}\\s]`, 'gu');
const UNSAFE_IN_TEXT = new RegExp(`[${UNSAFE}"\\\\]`, 'gu');
const PLAIN_JSON = /^[\x20-\x7e]*$/;
const UNSAFE_IN_JSON = new RegExp(`[${UNSAFE}]`, 'gu');

/** Safe where a space ends it. */
export function word(text: string): string {
  return PLAIN_WORD.test(text) ? text : text.replace(UNSAFE_IN_WORD, hex);
}

/** Safe between quotes, and without them. */
export function quotable(text: string): string {
  return PLAIN_TEXT.test(text) ? text : text.replace(UNSAFE_IN_TEXT, hex);
}

/** Safe in a line of its own: quotes and backslashes stay as they are. */
export function visible(text: string): string {
  return PLAIN_JSON.test(text) ? text : text.replace(UNSAFE_IN_JSON, hex);
}

/** One line of JSON, in which no control character stands raw, those of C1 included. */
export function jsonLine(value: object): string {
  const text = JSON.stringify(value);
  if (PLAIN_JSON.test(text)) return text;
  return text.replace(UNSAFE_IN_JSON, (character) =>
    Array.from({ length: character.length }, (_, at) => unit(character.charCodeAt(at))).join(''),
  );
}

function hex(character: string): string {
  return `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
