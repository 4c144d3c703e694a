import { chmodSync, chownSync } from 'node:fs';
import type { Problem } from '../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { OWNERSHIP_PROBLEMS } from '../problems/ownership.js';
import type { OwnershipPlan } from './plan.js';

/** Gives the file of a bound unix socket the owner and the permissions that were asked for. */
export function claimSocketFile(
  path: string,
  { socketMode, socketOwner }: Pick<OwnershipPlan, 'socketMode' | 'socketOwner'>,
): Result<null, Problem> {
  try {
    if (socketOwner !== null) chownSync(path, socketOwner.uid, socketOwner.gid);
  } catch (error) {
    return err(OWNERSHIP_PROBLEMS.notGiven(path, messageOf(error)));
  }
  try {
    if (socketMode !== null) chmodSync(path, socketMode);
  } catch (error) {
    return err(OWNERSHIP_PROBLEMS.modeRefused(path, messageOf(error)));
  }
  return ok(null);
}
