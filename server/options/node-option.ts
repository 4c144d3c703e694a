import type { Problem } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from './problems/values.js';

/** What a worker has an option of tsuwsgi for, or cannot be started with. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^--(inspect|debug)/, 'write --inspect, which gives each worker a port of its own'],
  [/^(--import|--loader|--experimental-loader)$/, 'write --import MODULE'],
  [/^--watch/, 'write --auto-reload'],
  [/^--test/, 'workers run no tests: leave it out'],
  [/^--max-http-header-size$/, 'write --limit-headers BYTES'],
];

/**
 * Why Node would not take a text as an option of a worker, as the end of a sentence; null when it
 * would. The rule is Node's own for NODE_OPTIONS: what starts another program than the worker, such
 * as `--eval`, is not among them. `known` are the flags that this Node has.
 */
export function nodeOptionProblem(
  text: string,
  known: { has(flag: string): boolean } = process.allowedNodeEnvironmentFlags,
): Problem | null {
  if (/\s/.test(text.split('=', 1)[0] ?? '')) {
    return SYNTAX_PROBLEMS.nodeOptionBlank(text);
  }
  const [flag = ''] = text.split('=', 1);
  // Node takes V8's flags with underscores too.
  const name = flag.replaceAll('_', '-');
  const remedy = ELSEWHERE.find(([pattern]) => pattern.test(name))?.[1];
  if (remedy !== undefined) return SYNTAX_PROBLEMS.nodeOptionElsewhere(text, remedy);
  if (flag.startsWith('-') && known.has(flag)) return null;
  return SYNTAX_PROBLEMS.nodeOptionUnknown(text, process.version);
}
