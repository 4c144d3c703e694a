import type { HarakiriConfig } from '../config.js';
import type { Memory } from '../memory.js';

/** How long each request may take. */
export interface Limits {
  /** Milliseconds for a request for `url`; 0 without a limit. */
  of(url: string): number;
}

/** An expression is held against so many characters: a longer URL must not make it slow. */
const MAX_MATCHED = 2048;

/** Makes the limits; null when no request has one. `config` was checked with the options. */
export function createLimits(config: HarakiriConfig): Limits | null {
  const { limitMs } = config;
  const routes = config.routes.map(({ pattern, ms }) => ({ regexp: new RegExp(pattern), ms }));
  if (limitMs === 0 && routes.every(({ ms }) => ms === 0)) return null;
  return {
    of(url) {
      if (routes.length === 0) return limitMs;
      const text = url.length > MAX_MATCHED ? url.slice(0, MAX_MATCHED) : url;
      return routes.find(({ regexp }) => regexp.test(text))?.ms ?? limitMs;
    },
  };
}

/** What is to be done when a request begins on a core, so that both threads know its limit. */
export function limitWriter(
  limits: Limits | null,
  memory: Memory,
): ((core: number, url: string) => void) | null {
  if (limits === null) return null;
  return (core, url) => {
    memory.limits[core] = limits.of(url);
  };
}
