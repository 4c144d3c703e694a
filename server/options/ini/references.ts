import { err, ok, type Result } from '../../../shared/result.js';

/** What no value that means something comes near: uWSGI itself would go on for ever. */
const MOST_STEPS = 1000;
const MOST_CHARACTERS = 100_000;

/**
 * Replaces each `%(name)`, or with another sign `$(…)` and `@(…)`, by what `look` finds; what it does
 * not find stays. As in uWSGI the inner of two is taken first, brackets inside a name are counted, and
 * what was put in is read again from the second character of the value on. `look` is told the value as it
 * is by then, since it may be asked for that.
 */
export function expandReferences(
  value: string,
  sign: '%' | '$' | '@',
  look: (name: string, soFar: string) => string | undefined,
): Result<string, string> {
  let text = value;
  let at = 0;
  let steps = 0;
  for (;;) {
    const found = nextReference(text, sign, at);
    if (found === null) return ok(text);
    const replacement = look(found.name, text);
    if (replacement === undefined) {
      at = found.end;
      continue;
    }
    text = text.slice(0, found.start) + replacement + text.slice(found.end);
    at = 1;
    if (++steps > MOST_STEPS || text.length > MOST_CHARACTERS) {
      return err(`${sign}(${found.name})`);
    }
  }
}

interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function nextReference(text: string, sign: string, from: number): Reference | null {
  const opening = `${sign}(`;
  let start = text.indexOf(opening, from);
  while (start >= 0) {
    const end = closingBracket(text, sign, start + 2);
    if (end > start + 2) return { name: text.slice(start + 2, end), start, end: end + 1 };
    start = text.indexOf(opening, start + 1);
  }
  return null;
}

/** -1 when the name is not closed, or another reference begins first. */
function closingBracket(text: string, sign: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const letter = text[at];
    if (letter === sign) return -1;
    if (letter === '(') depth++;
    if (letter === ')' && depth-- === 0) return at;
  }
  return -1;
}
