import type { Setting } from '../../shared/options.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { TopOptions } from '../options.js';
import { configFile, type ConfigEnvironment, loadConfig } from './file.js';
import { readConfig } from './read.js';

/** The settings that a full screen begins with. */
export interface Config {
  readonly settings: readonly Setting[];
  readonly warnings: readonly string[];
  /** Where they are written when that is asked for; null where nothing may be. */
  readonly file: string | null;
}

/** Finds and reads the file of settings. The error is what to print: a named file must be there. */
export function configOf(
  options: Pick<TopOptions, 'config' | 'no-config'>,
  env: ConfigEnvironment,
): Result<Config, string> {
  const { config: named } = options;
  const file = named ?? configFile(env);
  if (options['no-config'] || file === null) return ok({ settings: [], warnings: [], file });
  const loaded = loadConfig(file);
  if (!loaded.ok) {
    return named === undefined
      ? ok({ settings: [], warnings: [loaded.error], file })
      : err(`--config ${loaded.error}`);
  }
  if (loaded.value === null) {
    return named === undefined
      ? ok({ settings: [], warnings: [], file })
      : err(`--config ${named}: there is no such file; F2 and s write ${configFile(env) ?? 'one'}`);
  }
  return ok({ ...readConfig(loaded.value, named ?? 'config.yaml'), file });
}
