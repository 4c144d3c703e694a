import type { Problem } from '../../shared/problem.js';
import { ok, type Result } from '../../shared/result.js';
import { becomeUser } from './become-user.js';
import type { OwnershipPlan } from './plan.js';
import { claimSocketFile } from './socket-file.js';

/**
 * Gives the socket files away, then root. What was opened before stays open; what is opened after
 * belongs to the new user. An error must end the start.
 */
export function settle(
  plan: OwnershipPlan,
  socketFiles: readonly string[],
  log: (line: string) => void,
): Result<null, Problem> {
  for (const file of socketFiles) {
    const claimed = claimSocketFile(file, plan);
    if (!claimed.ok) return claimed;
  }
  if (plan.master === null) return ok(null);
  const { uid, gid } = plan.master;
  log(`setgid() to ${gid}`);
  log(`setuid() to ${uid}`);
  return becomeUser(plan.master);
}
