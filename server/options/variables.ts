import type { Problem } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from './problems/values.js';

/** What the master tells its processes by, and takes from its own environment. */
const OWN =
  /^(TSUWSGI_(WORKER|WORKER_ID|ROUTER|SPOOLER|SPOOLERS|UPGRADE|DAEMON)|NODE_APP_INSTANCE)$/;

/** Why a text is no `NAME=VALUE`; null when it is one. */
export function variableProblem(text: string): Problem | null {
  const name = nameOf(text);
  // What stands behind the sign may be a secret although the name is none.
  if (name === null) return SYNTAX_PROBLEMS.noVariable(text.split('=', 1)[0] ?? '');
  if (text.includes('\0')) return SYNTAX_PROBLEMS.variableZero(name);
  return OWN.test(name) ? SYNTAX_PROBLEMS.variableOwn(name) : null;
}

/** The variables that `--env` sets; of several with one name the last counts. */
export function readVariables(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.flatMap((text) => {
      const name = nameOf(text);
      return name === null ? [] : [[name, text.slice(name.length + 1)]];
    }),
  );
}

function nameOf(text: string): string | null {
  return /^([^=\s]+)=/.exec(text)?.[1] ?? null;
}
