import type { DecodedInstance } from '../../shared/stats.js';
import type { Finding } from './finding.js';
import { sanitizeShort } from './sanitize.js';

/** That the files say something else than what holds: they cannot be used, or wait for a new master. */
export function strayConfig({ config }: DecodedInstance): Finding | null {
  const { files = [], problems = [], pending = [] } = config ?? {};
  const [problem, ...others] = problems;
  if (problem !== undefined) {
    return {
      severity: 'attention',
      // Where the mistake is comes first: a narrow terminal cuts the end.
      text: `configuration refused: ${sanitizeShort(shortened(problem, files), 300)}${more(others)} · the one from before holds`,
      short: 'config refused',
    };
  }
  const [change, ...further] = pending;
  if (change === undefined) return null;
  return {
    severity: 'notice',
    text: `configuration waits: ${sanitizeShort(change, 300)}${more(further)} · takes an upgrade (SIGUSR2) or a restart`,
    short: 'config pending',
  };
}

function more(others: readonly string[]): string {
  return others.length === 0 ? '' : ` · ${others.length} more`;
}

/** A path takes the room that the mistake needs; its file and line are enough. */
function shortened(problem: string, files: readonly string[]): string {
  const file = files.find((path) => problem.startsWith(`${path}:`)) ?? '';
  return problem.slice(file.lastIndexOf('/') + 1);
}
