import type { OptionValues } from '../../shared/options.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { SpoolOptions } from '../spooler/spool-options.js';
import { taskNameProblem } from '../spooler/task-name.js';
import { type SPOOL_OPTIONS, timeOf } from './options.js';
import type { SpoolRequest } from './requests.js';

type Values = OptionValues<typeof SPOOL_OPTIONS>;

/** What is put in; `operands` are its name, and what is behind it. */
export function putRequest(
  queue: string,
  [name, payload = 'null', word]: readonly string[],
  values: Values,
): Result<SpoolRequest, string> {
  if (name === undefined) {
    return err(`no task is named: tsuwsgi spool ${queue} NAME JSON; to look into it, --list`);
  }
  const problem = taskNameProblem(name) ?? jsonProblem(payload);
  if (problem !== null) return err(problem);
  if (word !== undefined) return surplus(word);
  const { at, delay, body = null } = values;
  if (at !== undefined && delay !== undefined) {
    return err('--at and --delay both say when: give one of the two');
  }
  if (payload === '-' && body === '-') {
    return err('the payload and --body are both standard input: give one of them as a file');
  }
  return ok({ action: 'put', queue, name, payload, options: optionsOf(values), body });
}

/** Seconds become the milliseconds of `spool()`. */
function optionsOf(values: Values): Omit<SpoolOptions, 'body' | 'queue'> {
  const { at, delay, key, priority, retries, backoff, timeout } = values;
  return {
    ...{ priority, retries, backoff: backoff * 1000 },
    ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
    ...(at === undefined ? {} : { at: timeOf(at) ?? 0 }),
    ...(delay === undefined ? {} : { delay: delay * 1000 }),
    ...(key === undefined ? {} : { dedupeKey: key }),
  };
}

function jsonProblem(payload: string): string | null {
  if (payload === '-') return null;
  try {
    JSON.parse(payload);
    return null;
  } catch {
    const shown = JSON.stringify(payload.slice(0, 60));
    return `the payload ${shown} is not JSON: quote it for the shell, as '{"file":"cat.png"}'`;
  }
}

/** A word that means nothing where it stands. */
export function surplus(operand: string): Result<never, string> {
  return err(`"${operand}" is one word too many: leave it out, or see --help`);
}
