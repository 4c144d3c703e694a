import path from 'node:path';
import type { Result } from '../../shared/result.js';
import type { StaticMap, StaticSettings } from '../static/settings.js';
import { parseExpiry, parseStaticMap } from './static-maps.js';
import type { Options } from './table.js';

/** What the options say of files; each was checked when they were read. */
export function staticSettings(options: Options): StaticSettings {
  const folder = (name: string): string => path.resolve(name);
  const maps = (texts: readonly string[], keepsMount: boolean): StaticMap[] =>
    texts
      .flatMap((text) => valueOf(parseStaticMap(text)))
      .map((map) => ({ mount: map.mount, folder: folder(map.folder), keepsMount }));
  return {
    maps: [...maps(options['static-map'], false), ...maps(options['static-map2'], true)],
    checked: options['check-static'].map(folder),
    indexes: options['static-index'],
    expires: options['static-expires'].flatMap((text) => valueOf(parseExpiry(text))),
    // An empty expression matches everything.
    compressed: options['static-gzip-all'] ? [''] : options['static-gzip'],
    skipped: options['static-skip-ext'],
    safe: options['static-safe'].map(folder),
    mimeFiles: options['mime-file'].map(folder),
  };
}

function valueOf<T>(result: Result<T, string>): T[] {
  return result.ok ? [result.value] : [];
}
