import { chmodSync, chownSync } from 'node:fs';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import type { OwnershipPlan } from './plan.js';

/** Gives the file of a bound unix socket the owner and the permissions that were asked for. */
export function claimSocketFile(
  path: string,
  { socketMode, socketOwner }: Pick<OwnershipPlan, 'socketMode' | 'socketOwner'>,
): Result<null, string> {
  try {
    if (socketOwner !== null) chownSync(path, socketOwner.uid, socketOwner.gid);
  } catch (error) {
    return err(`--chown-socket: ${path} cannot be given away: ${messageOf(error)}`);
  }
  try {
    if (socketMode !== null) chmodSync(path, socketMode);
  } catch (error) {
    return err(`--chmod-socket: ${path} cannot be changed: ${messageOf(error)}`);
  }
  return ok(null);
}
