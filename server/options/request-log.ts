import type { LogConditions, LogForm, LogSettings } from '../request-log/settings.js';
import type { Options } from './table.js';
import { trustedProxies } from './trusted-proxies.js';
import type { Problem } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from './problems/together.js';

/** What is logged of requests; null for nothing. */
export function logSettings(options: Options): LogSettings | null {
  const only = options['disable-logging'] ? conditions(options) : null;
  if (only !== null && !holdsEver(only)) return null;
  return {
    form: formOf(options),
    inMicros: options['log-micros'],
    hasMemory: options['memory-report'],
    only,
    trusted: options['log-x-forwarded-for'] ? trustedProxies(options['trust-proxy']) : null,
  };
}

/** Why the options for the request log cannot be used together; null when they can. */
export function logProblem(options: Options): Problem | null {
  if (!options['log-json'] || options['log-format'] === undefined) return null;
  return TOGETHER_PROBLEMS.logTwoForms();
}

function formOf(options: Options): LogForm {
  if (options['log-json']) return { type: 'json' };
  const text = options['log-format'];
  return text === undefined ? { type: 'line' } : { type: 'format', text };
}

function conditions(options: Options): LogConditions {
  return {
    slowMs: options['log-slow'] ?? null,
    bigBytes: options['log-big'] ?? null,
    clientErrors: options['log-4xx'],
    serverErrors: options['log-5xx'],
    empty: options['log-zero'],
    cutOff: options['log-ioerror'],
  };
}

function holdsEver(only: LogConditions): boolean {
  const { slowMs, bigBytes, clientErrors, serverErrors, empty, cutOff } = only;
  return slowMs !== null || bigBytes !== null || clientErrors || serverErrors || empty || cutOff;
}
