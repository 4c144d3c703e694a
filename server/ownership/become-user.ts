import { readdirSync, readFileSync } from 'node:fs';
import type { Problem } from '../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { OWNERSHIP_PROBLEMS } from '../problems/ownership.js';
import type { Credentials } from './plan.js';

/** What giving up root needs of the operating system. */
export interface IdentitySystem {
  setgroups(groups: readonly number[]): void;
  setgid(gid: number): void;
  setuid(uid: number): void;
  /** The text of /proc/…/status of every thread; empty where there is no /proc. */
  statuses(): readonly string[];
}

/**
 * Turns this process into another user, for good: groups first, because only root may set them, the
 * user last. What the kernel then says of every thread decides; an error means that the process is
 * not what it was told to be, and must not go on.
 */
export function becomeUser(
  credentials: Credentials,
  system: IdentitySystem = ownProcess(),
): Result<null, Problem> {
  const { uid, gid, groups } = credentials;
  const wanted = `user ${uid}, group ${gid}`;
  try {
    system.setgroups(groups);
    system.setgid(gid);
    system.setuid(uid);
  } catch (error) {
    return err(OWNERSHIP_PROBLEMS.notBecome(wanted, messageOf(error)));
  }
  const statuses = system.statuses();
  if (statuses.length === 0) return err(OWNERSHIP_PROBLEMS.unverified(wanted));
  for (const status of statuses) {
    const wrong = mismatch(status, credentials);
    if (wrong !== null) return err(OWNERSHIP_PROBLEMS.stillAnother(wanted, wrong));
  }
  return ok(null);
}

/** The line of a status text that contradicts; null when all agree. */
export function mismatch(status: string, { uid, gid, groups }: Credentials): string | null {
  const line = (name: string): string =>
    new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, 'm').exec(status)?.[1] ?? '';
  // Real, effective, saved and file system id: a saved one that stays 0 would lead back to root.
  const expected = {
    Uid: Array.from({ length: 4 }, () => uid),
    Gid: Array.from({ length: 4 }, () => gid),
    Groups: [...groups].sort((a, b) => a - b),
  };
  for (const [name, numbers] of Object.entries(expected)) {
    const found = line(name);
    const ids = found === '' ? [] : found.split(/\s+/).map(Number);
    const sorted = name === 'Groups' ? ids.sort((a, b) => a - b) : ids;
    if (sorted.join() !== numbers.join()) return `"${name}: ${found}"`;
  }
  for (const name of uid === 0 ? [] : ['CapPrm', 'CapEff']) {
    if (/[^0]/.test(line(name))) return `"${name}: ${line(name)}"`;
  }
  return null;
}

function ownProcess(): IdentitySystem {
  return {
    setgroups: (groups) => process.setgroups?.([...groups]),
    setgid: (gid) => process.setgid?.(gid),
    setuid: (uid) => process.setuid?.(uid),
    statuses: readStatuses,
  };
}

/** The ids are a thread's own in Linux, and the C library carries a change to all of them. */
function readStatuses(): string[] {
  try {
    return readdirSync('/proc/self/task').map((thread) =>
      readFileSync(`/proc/self/task/${thread}/status`, 'utf8'),
    );
  } catch {
    return [];
  }
}
