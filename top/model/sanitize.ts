/**
 * What may reach a terminal: characters that are printable, one column wide and without effect on
 * their neighbours. This is a list of what is allowed, so that whatever Unicode adds later (and
 * every control, C1 such as U+009B, bidirectional mark, combining, wide or astral character) is
 * replaced. Ranges: ASCII, Latin, Greek, Cyrillic, punctuation, currency, arrows, mathematics,
 * boxes, blocks, the narrow geometric shapes, the two marks this program uses itself, Braille.
 */
const NOT_ALLOWED =
  /[^\x20-\x7e\xa1-\xac\xae-\u02af\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u21ff\u2200-\u22ff\u2500-\u25fc\u2713-\u2718\u2800-\u28ff]/gu;

const PLAIN = /^[ -~]*$/;
const NOT_ASCII = /[^\x20-\x7e]/gu;

/** Stands for a character that must not be shown: one column, in every character set. */
const PLACEHOLDER = '?';

/**
 * Makes any text from outside safe to draw: each character of the result is one printable column.
 * Characters that may not be shown become `?`, one for each code point. With `ascii` only ASCII is
 * left. Idempotent.
 */
export function sanitize(text: string, ascii = false): string {
  if (ascii) return PLAIN.test(text) ? text : text.replace(NOT_ASCII, PLACEHOLDER);
  // Nearly every text is harmless, which is found out in a fraction of the time.
  for (let at = 0; at < text.length; at++) {
    if (!isAllowed(text.charCodeAt(at))) return text.replace(NOT_ALLOWED, PLACEHOLDER);
  }
  return text;
}

/** Whether a UTF-16 unit is allowed; half of a pair, which is one character beyond it, is not. */
function isAllowed(unit: number): boolean {
  const known = VERDICTS[unit];
  if (known !== 0) return known === ALLOWED;
  const allowed = String.fromCharCode(unit).search(NOT_ALLOWED) < 0;
  VERDICTS[unit] = allowed ? ALLOWED : REPLACED;
  return allowed;
}

/** What was found out of each unit: the same few are in every frame. */
const VERDICTS = new Uint8Array(0x10000);
const ALLOWED = 1;
const REPLACED = 2;

/** The same for text of unknown length: cut before the work is done. */
export function sanitizeShort(text: string, limit = 2000): string {
  return sanitize(text.slice(0, limit));
}

const HIDDEN = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * JSON with what a terminal obeys, or shows nothing of, written as escapes: inside strings, the only
 * place for such characters, it means the same.
 */
export function escapeJson(json: string): string {
  return json.replace(
    HIDDEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
