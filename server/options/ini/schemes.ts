import { err, ok, type Result } from '../../../shared/result.js';
import type { Problem } from '../../../shared/problem.js';
import { FILE_PROBLEMS } from '../problems/files.js';

/** What to do instead of what uWSGI would fetch itself. */
const REMEDIES: Readonly<Record<string, string>> = {
  http: 'fetch it before tsuwsgi is started, and name the file',
  https: 'fetch it before tsuwsgi is started, and name the file',
  exec: 'run it before tsuwsgi is started, and name the file with what it printed',
  fd: 'name /dev/fd/N',
};

/**
 * The path of a file that is named by itself or as `file://PATH`. Nothing is fetched and nothing is
 * run for a configuration: the error says which scheme it was and what to do, as the end of a sentence.
 */
export function pathOf(name: string): Result<string, Problem> {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//.exec(name) ?? [];
  if (scheme === undefined) return ok(name);
  if (scheme === 'file') return ok(name.slice('file://'.length));
  const remedy = Object.hasOwn(REMEDIES, scheme) ? REMEDIES[scheme] : undefined;
  return err(FILE_PROBLEMS.scheme(scheme, remedy ?? 'name a file'));
}
