/** Whether a text is a token, as the name of a field must be (RFC 9110 §5.6.2). */
export function isFieldName(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
}

/** Whether a text can be the value of a field: no control but the tab, nothing beyond one byte. */
export function isFieldValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}

/** The members of a comma-separated list of tokens, in lower case, appended to `into`. */
export function addTokens(into: string[], value: string): void {
  // Nearly always there is one.
  if (value === 'keep-alive' || value === 'close') {
    into.push(value);
    return;
  }
  for (const part of value.split(',')) {
    const token = part.trim().toLowerCase();
    if (token !== '') into.push(token);
  }
}

/** A part of a line, without the spaces and tabs around it (RFC 9110 §5.6.3). */
export function trimSpace(line: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isSpace(line.charCodeAt(start))) start++;
  while (end > start && isSpace(line.charCodeAt(end - 1))) end--;
  return line.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
