import { err, ok, type Result } from '../../shared/result.js';
import type { Options } from '../options/table.js';
import { type Accounts, findGroup, findUser, type FoundUser, groupsOf } from './accounts.js';
import { type Problem, within } from '../../shared/problem.js';
import { MACHINE_PROBLEMS } from '../options/problems/machine.js';

/** A user with its groups, as the kernel knows it. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
}

/** User and group of a file or a child. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** What becomes whose. */
export interface OwnershipPlan {
  /** What the master turns into once everything is bound; null when it stays what it is. */
  readonly master: Credentials | null;
  /** What children are started as; null when they are what the master is. */
  readonly children: Owner | null;
  /** `--chmod-socket`. */
  readonly socketMode: number | null;
  /** `--chown-socket`; a `gid` of -1 leaves the group, as in chown(2). */
  readonly socketOwner: Owner | null;
  readonly umask: number | null;
  /** Whether the application will run as root. */
  readonly staysRoot: boolean;
}

/** The options that say so. */
export type OwnershipOptions = Pick<
  Options,
  'uid' | 'gid' | 'add-gid' | 'master-as-root' | 'chmod-socket' | 'chown-socket' | 'umask'
>;

/**
 * Looks up names and checks what goes together. `self` is who this process is now. All problems are
 * told at once. A master that is already who it is to become (a successor in an upgrade) stays it.
 */
export function planOwnership(
  options: OwnershipOptions,
  accounts: Accounts,
  self: Owner,
): Result<OwnershipPlan, Problem[]> {
  const problems: Problem[] = [];
  const take = <T>(result: Result<T, Problem> | null): T | null => {
    if (result === null) return null;
    if (result.ok) return result.value;
    problems.push(result.error);
    return null;
  };
  const asRoot = options['master-as-root'];
  if (asRoot && options['add-gid'].length > 0) {
    problems.push(MACHINE_PROBLEMS.furtherGroupsOfRoot(options['add-gid'].join(', ')));
  }
  const target = take(findTarget(options, accounts, self));
  const socketMode = take(readMode('--chmod-socket', options['chmod-socket'], 0o7777));
  const socketOwner = take(findOwner(options['chown-socket'], accounts));
  const umask = take(readMode('--umask', options.umask, 0o777));
  if (problems.length > 0) return err(problems);
  return ok({
    master: asRoot ? null : target,
    children: asRoot && target !== null ? { uid: target.uid, gid: target.gid } : null,
    socketMode,
    socketOwner,
    umask,
    staysRoot: self.uid === 0 && (target === null || target.uid === 0),
  });
}

/** Whom `--uid`, `--gid` and `--add-gid` come down to; null when nothing changes. */
function findTarget(
  options: OwnershipOptions,
  accounts: Accounts,
  self: Owner,
): Result<Credentials, Problem> | null {
  const { uid, gid, 'add-gid': further } = options;
  if (uid === undefined && gid === undefined && further.length === 0) return null;
  const user: Result<FoundUser, Problem> =
    uid === undefined
      ? ok({ name: null, uid: self.uid, gid: self.gid })
      : prefixed('--uid', findUser(accounts, uid));
  if (!user.ok) return user;
  const group: Result<number | null, Problem> =
    gid === undefined ? ok(user.value.gid) : prefixed('--gid', findGroup(accounts, gid));
  if (!group.ok) return group;
  if (group.value === null) {
    return err(MACHINE_PROBLEMS.groupUnknown(uid ?? ''));
  }
  const groups = findGroups(further, accounts, user.value);
  if (!groups.ok) return groups;
  if (self.uid !== 0) return withoutRoot(user.value.uid, group.value, self);
  return ok({ uid: user.value.uid, gid: group.value, groups: groups.value });
}

/** Those that list the user, and those of `--add-gid`. */
function findGroups(
  further: readonly string[],
  accounts: Accounts,
  user: FoundUser,
): Result<readonly number[], Problem> {
  const groups = new Set(groupsOf(accounts, user.name));
  for (const text of further) {
    const found = prefixed('--add-gid', findGroup(accounts, text));
    if (!found.ok) return found;
    groups.add(found.value);
  }
  return ok([...groups].sort((a, b) => a - b));
}

/** Who is not root can only stay what it is. */
function withoutRoot(uid: number, gid: number, self: Owner): Result<Credentials, Problem> | null {
  if (uid === self.uid && gid === self.gid) return null;
  return err(MACHINE_PROBLEMS.notRoot(uid, gid, self.uid, self.gid));
}

function findOwner(text: string | undefined, accounts: Accounts): Result<Owner, Problem> | null {
  if (text === undefined) return null;
  const [user = '', group] = text.split(/:(.*)/s);
  const found = prefixed('--chown-socket', findUser(accounts, user));
  if (!found.ok) return found;
  if (group === undefined || group === '') return ok({ uid: found.value.uid, gid: -1 });
  const gid = prefixed('--chown-socket', findGroup(accounts, group));
  return gid.ok ? ok({ uid: found.value.uid, gid: gid.value }) : gid;
}

function readMode(
  option: string,
  text: string | undefined,
  largest: number,
): Result<number, Problem> | null {
  if (text === undefined) return null;
  const mode = /^[0-7]{1,5}$/.test(text) ? parseInt(text, 8) : Infinity;
  if (mode <= largest) return ok(mode);
  return err(MACHINE_PROBLEMS.noMode(option, text));
}

function prefixed<T>(option: string, result: Result<T, Problem>): Result<T, Problem> {
  return result.ok ? result : err(within(option, result.error));
}
