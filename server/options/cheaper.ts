import { err, ok, type Result } from '../../shared/result.js';
import { CHEAPER_ALGORITHMS, type CheaperSettings } from '../master/decide/cheaper/settings.js';
import type { Options } from './table.js';
import type { Problem } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from './problems/together.js';

/**
 * What the options say of `--cheaper`; undefined without it. The error is one sentence for each
 * option that does not fit the others.
 */
export function readCheaper(options: Options): Result<CheaperSettings | undefined, Problem[]> {
  const { cheaper, processes } = options;
  if (cheaper === undefined) return ok(undefined);
  const initial = options['cheaper-initial'] ?? cheaper;
  const algorithm = CHEAPER_ALGORITHMS.find((name) => name === options['cheaper-algo']);
  const problems: Problem[] = [];
  if (cheaper >= processes) {
    problems.push(TOGETHER_PROBLEMS.cheaperTooMany(cheaper, processes, cheaper + 1));
  } else if (initial < cheaper || initial > processes) {
    problems.push(TOGETHER_PROBLEMS.cheaperInitial(initial, cheaper, processes));
  }
  if (algorithm === undefined) {
    problems.push(TOGETHER_PROBLEMS.cheaperAlgorithm(options['cheaper-algo']));
  }
  const { min, max } = {
    min: options['cheaper-busyness-min'],
    max: options['cheaper-busyness-max'],
  };
  if (min >= max) {
    problems.push(TOGETHER_PROBLEMS.cheaperBusyness(min, max));
  }
  if (algorithm === undefined || problems.length > 0) return err(problems);
  return ok({
    algorithm,
    minimum: cheaper,
    initial,
    step: options['cheaper-step'],
    overload: options['cheaper-overload'],
    async: options.async ?? 0,
    rssLimit: options['cheaper-rss-limit-soft'],
    busyness: {
      max,
      min,
      multiplier: options['cheaper-busyness-multiplier'],
      penalty: options['cheaper-busyness-penalty'],
      backlogAlert: options['cheaper-busyness-backlog-alert'],
      backlogStep: options['cheaper-busyness-backlog-step'],
      backlogMultiplier: options['cheaper-busyness-backlog-multiplier'],
      backlogNonzero: options['cheaper-busyness-backlog-nonzero'],
    },
  });
}
