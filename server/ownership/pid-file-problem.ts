import type { Problem } from '../../shared/problem.js';
import type { Log } from '../log.js';
import { OWNERSHIP_PROBLEMS } from '../problems/ownership.js';
import { ownerOf } from './pid-file-owner.js';

/** What stands in the way of writing a pid file; null, and a line where a stale one is replaced. */
export function pidFileProblem(file: string, log: Log): Problem | null {
  const owner = ownerOf(file);
  switch (owner.kind) {
    case 'living':
      return OWNERSHIP_PROBLEMS.pidFileInUse(file, owner.pid);
    case 'unusable':
      return OWNERSHIP_PROBLEMS.pidFileForeign(file, owner.problem);
    case 'stale':
      log(
        `the pid file ${file} is stale: process ${owner.pid}, which it names, has not written it`,
      );
      return null;
    case 'none':
      return null;
  }
}
