import { didYouMean } from '../../shared/likely.js';
import { err, ok, type Result } from '../../shared/result.js';
import { cgiVariable } from './cgi.js';
import type { LineWriter } from './entry.js';
import { quotable } from './escape.js';
import { type Value, VARIABLES } from './variables.js';

/** Makes a writer of lines out of `--log-format`; the error is the end of a sentence. */
export function compileFormat(text: string): Result<LineWriter, string> {
  const parts: (string | Value)[] = [];
  let rest = text;
  while (rest !== '') {
    const at = rest.indexOf('%(');
    if (at < 0) break;
    const end = rest.indexOf(')', at);
    if (end < 0) return err(`"${rest.slice(at)}" has no closing parenthesis`);
    const variable = variableOf(rest.slice(at + 2, end));
    if (!variable.ok) return variable;
    parts.push(rest.slice(0, at), variable.value);
    rest = rest.slice(end + 1);
  }
  parts.push(rest);
  const used = parts.filter((part) => part !== '');
  return ok((entry) => {
    let line = '';
    for (const part of used) line += typeof part === 'string' ? part : shown(part(entry));
    return line;
  });
}

/** Why a `--log-format` cannot be used; null when it can. */
export function checkFormat(text: string): string | null {
  const problem = /\p{Cc}/u.test(text)
    ? 'a control character would break the lines of the log'
    : text === ''
      ? 'it is empty, and so would be the lines of the log'
      : null;
  if (problem !== null) return problem;
  const compiled = compileFormat(text);
  return compiled.ok ? null : compiled.error;
}

function variableOf(name: string): Result<Value, string> {
  const known = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
  if (known !== undefined) return ok(known.value);
  if (name.startsWith('var.')) {
    const variable = name.slice('var.'.length);
    return ok(({ logged }) => cgiVariable(logged.request, variable));
  }
  // There are no named metrics in a worker: as with any that a uWSGI does not know.
  if (name.startsWith('metric.')) return ok(() => null);
  const names = Object.keys(VARIABLES);
  return err(
    `%(${name}) is no variable${didYouMean(names, name)}; there are ${names.join(', ')}, and var.NAME for a CGI variable`,
  );
}

function shown(value: string | number | null): string {
  if (value === null || value === '') return '-';
  return typeof value === 'number' ? String(value) : quotable(value);
}
