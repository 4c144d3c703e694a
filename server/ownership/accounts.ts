import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../../shared/result.js';
import type { Problem } from '../../shared/problem.js';
import { MACHINE_PROBLEMS } from '../options/problems/machine.js';

/** A line of /etc/passwd, as far as it matters here. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A line of /etc/group. */
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** The users and groups that this machine's files know. */
export interface Accounts {
  readonly users: readonly User[];
  readonly groups: readonly Group[];
}

/** A user to become or to give a file to; `gid` is null when only a number is known of it. */
export interface FoundUser {
  readonly name: string | null;
  readonly uid: number;
  readonly gid: number | null;
}

/** One below (uid_t)-1, which setuid takes for "no change". */
const LARGEST_ID = 0xffff_fffe;

/** Parses /etc/passwd (passwd(5)); lines of another shape are passed over. */
export function parsePasswd(text: string): User[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid, gid] = line.split(':');
    const user = { name, uid: readId(uid), gid: readId(gid) };
    return name === '' || user.uid === null || user.gid === null
      ? []
      : [{ name, uid: user.uid, gid: user.gid }];
  });
}

/** Parses /etc/group (group(5)); lines of another shape are passed over. */
export function parseGroup(text: string): Group[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , id, members = ''] = line.split(':');
    const gid = readId(id);
    if (name === '' || gid === null) return [];
    return [{ name, gid, members: members.split(',').filter((member) => member !== '') }];
  });
}

/** Reads both files; one that cannot be read (a minimal container has none) is taken for empty. */
export function readAccounts(): Accounts {
  return {
    users: parsePasswd(readOrNothing('/etc/passwd')),
    groups: parseGroup(readOrNothing('/etc/group')),
  };
}

/** Finds a user by name or number. A number need not have an entry. */
export function findUser(accounts: Accounts, text: string): Result<FoundUser, Problem> {
  const uid = readId(text);
  const user = accounts.users.find((entry) => entry.name === text || entry.uid === uid);
  if (user !== undefined) return ok(user);
  if (uid !== null) return ok({ name: null, uid, gid: null });
  return err(MACHINE_PROBLEMS.noUser(text));
}

/** Finds a group by name or number, as its number. */
export function findGroup(accounts: Accounts, text: string): Result<number, Problem> {
  const gid = readId(text);
  const group = accounts.groups.find((entry) => entry.name === text);
  const found = group?.gid ?? gid;
  if (found !== null) return ok(found);
  return err(MACHINE_PROBLEMS.noGroup(text));
}

/** The groups that list a user as a member, as `initgroups` would find them. */
export function groupsOf(accounts: Accounts, name: string | null): readonly number[] {
  if (name === null) return [];
  return accounts.groups.filter(({ members }) => members.includes(name)).map(({ gid }) => gid);
}

function readId(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return null;
  const id = Number(text);
  return id <= LARGEST_ID ? id : null;
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
