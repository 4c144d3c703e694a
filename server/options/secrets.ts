import type { OptionRow } from '../../shared/options.js';
import type { Problem } from '../../shared/problem.js';
import { REDACTED, redactor } from '../stats/document/redact.js';

/**
 * What of an option nobody may read over a shoulder, in a log or in the stats: all that shows a value
 * asks here. A password in a URL is one in any option, for many take a URL.
 */

const inParameters = redactor([]);

/** `user:password@`, at the begin of a word or behind the slashes of a URL. */
const PASSWORD = /(?<=^|["'\s/])([^\s"'@:/]*):(?!\/)\S*@/g;

/** The value of an option as it may be shown to who may start the instance. */
export function shownValue({ secret }: OptionRow, value: string): string {
  // What is taken for a path has lost one of its slashes.
  const shown = value.replace(/([a-z][a-z0-9+.-]*:\/{1,2})[^/?#\s]*@/gi, `$1${REDACTED}@`);
  if (secret !== 'variable') return inParameters(shown);
  // Only the name of a variable can tell, as that of a URL's parameter: it is read as if it were one.
  return inParameters(`?${shown}`).slice(1);
}

/** Whether others may be told of a value at all: who reads a log need not be who wrote the options. */
export function isTellable(row: OptionRow, value: string): boolean {
  return row.secret !== 'variable' && shownValue(row, value) === value;
}

/**
 * A problem without the passwords of what it names, which need not be a whole URL any more. More may be
 * hidden: what is wrong with a value may be its password, whose end nobody can know then.
 */
export function withoutPasswords(problem: Problem): Problem {
  return problem.replace(PASSWORD, `$1:${REDACTED}@`) as Problem;
}
