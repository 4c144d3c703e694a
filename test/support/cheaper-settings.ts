import type { CheaperSettings } from '../../server/master/decide/cheaper/settings.js';

/** uWSGI's defaults for two workers at least, and what a test wants otherwise. */
export function cheaperWith(change: Partial<CheaperSettings> = {}): CheaperSettings {
  return {
    algorithm: 'spare',
    minimum: 2,
    initial: 2,
    step: 1,
    overload: 3,
    async: 1,
    rssLimit: 0,
    busyness: {
      max: 50,
      min: 25,
      multiplier: 10,
      penalty: 2,
      backlogAlert: 33,
      backlogStep: 1,
      backlogMultiplier: 3,
      backlogNonzero: 60,
    },
    ...change,
  };
}
