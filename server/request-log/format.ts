import { didYouMean } from '../../shared/likely.js';
import { err, ok, type Result } from '../../shared/result.js';
import { cgiVariable } from './cgi.js';
import type { LineWriter } from './entry.js';
import { quotable } from './escape.js';
import { type Value, VARIABLES } from './variables.js';
import type { Problem } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from '../options/problems/values.js';

/** Makes a writer of lines out of `--log-format`; the error is the end of a sentence. */
export function compileFormat(text: string): Result<LineWriter, Problem> {
  const parts: (string | Value)[] = [];
  let rest = text;
  while (rest !== '') {
    const at = rest.indexOf('%(');
    if (at < 0) break;
    const end = rest.indexOf(')', at);
    if (end < 0) return err(SYNTAX_PROBLEMS.formatOpen(rest.slice(at)));
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
export function checkFormat(text: string): Problem | null {
  if (/\p{Cc}/u.test(text)) return SYNTAX_PROBLEMS.logControl(text);
  const compiled = compileFormat(text);
  return compiled.ok ? null : compiled.error;
}

function variableOf(name: string): Result<Value, Problem> {
  const known = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
  if (known !== undefined) return ok(known.value);
  if (name.startsWith('var.')) {
    const variable = name.slice('var.'.length);
    return ok(({ logged }) => cgiVariable(logged.request, variable));
  }
  // There are no named metrics in a worker: as with any that a uWSGI does not know.
  if (name.startsWith('metric.')) return ok(() => null);
  const names = Object.keys(VARIABLES);
  return err(SYNTAX_PROBLEMS.formatUnknown(name, didYouMean(names, name), names.join(', ')));
}

function shown(value: string | number | null): string {
  if (value === null || value === '') return '-';
  return typeof value === 'number' ? String(value) : quotable(value);
}
