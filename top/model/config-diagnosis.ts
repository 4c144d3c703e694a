import type { DecodedInstance } from '../../shared/stats.js';
import type { Finding } from './finding.js';
import { sanitizeShort } from './sanitize.js';

/** That the files say something else than what holds: they cannot be used, or wait for a new master. */
export function strayConfig({ config }: DecodedInstance): Finding | null {
  const { problems = [], pending = [] } = config ?? {};
  const [problem, ...others] = problems;
  if (problem !== undefined) {
    return {
      severity: 'attention',
      text: `configuration refused, the one from before holds: ${sanitizeShort(problem, 300)}${more(others)}`,
      short: 'config refused',
    };
  }
  const [change, ...further] = pending;
  if (change === undefined) return null;
  return {
    severity: 'notice',
    text: `waits for an upgrade (SIGUSR2) or a restart: ${sanitizeShort(change, 300)}${more(further)}`,
    short: 'config pending',
  };
}

function more(others: readonly string[]): string {
  return others.length === 0 ? '' : ` · ${others.length} more`;
}
