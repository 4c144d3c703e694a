import { readCheaper } from '../options/cheaper.js';
import type { Options } from '../options/table.js';
import type { Settings } from './decide/state.js';
import { recycleRules } from './recycling.js';
import { spoolerSettings } from './spoolers.js';

/** What the arbiter needs to know of the options. */
export function settingsOf(options: Options): Settings {
  const recycling = recycleRules(options);
  // It was read before: what does not fit was refused then.
  const cheaper = readCheaper(options);
  const spoolers = spoolerSettings(options);
  return {
    mercyMs: options['worker-reload-mercy'] * 1000,
    cores: options.async ?? 1,
    ...(recycling !== undefined && { recycling }),
    harakiriGraceMs: options['harakiri-graceful-timeout'] * 1000,
    harakiriVerbose: options['harakiri-verbose'],
    needApp: options['need-app'],
    ...(cheaper.ok && cheaper.value !== undefined && { cheaper: cheaper.value }),
    ...(spoolers !== undefined && { spoolers }),
  };
}
