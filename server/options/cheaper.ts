import { err, ok, type Result } from '../../shared/result.js';
import { CHEAPER_ALGORITHMS, type CheaperSettings } from '../master/decide/cheaper/settings.js';
import type { Options } from './table.js';

/**
 * What the options say of `--cheaper`; undefined without it. The error is one sentence for each
 * option that does not fit the others.
 */
export function readCheaper(options: Options): Result<CheaperSettings | undefined, string[]> {
  const { cheaper, processes } = options;
  if (cheaper === undefined) return ok(undefined);
  const initial = options['cheaper-initial'] ?? cheaper;
  const algorithm = CHEAPER_ALGORITHMS.find((name) => name === options['cheaper-algo']);
  const problems: string[] = [];
  if (cheaper >= processes) {
    problems.push(
      `--cheaper ${cheaper}: it must be less than --processes, which is ${processes}; give --processes ${cheaper + 1} or more`,
    );
  } else if (initial < cheaper || initial > processes) {
    problems.push(
      `--cheaper-initial ${initial}: give ${cheaper} (--cheaper) to ${processes} (--processes)`,
    );
  }
  if (algorithm === undefined) {
    problems.push(
      `--cheaper-algo: there is no algorithm "${options['cheaper-algo']}", give spare, backlog or busyness`,
    );
  }
  const { min, max } = {
    min: options['cheaper-busyness-min'],
    max: options['cheaper-busyness-max'],
  };
  if (min >= max) {
    problems.push(
      `--cheaper-busyness-min ${min}: it must be less than --cheaper-busyness-max, which is ${max}`,
    );
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
