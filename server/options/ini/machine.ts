import { constants, accessSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { availableParallelism, hostname, userInfo } from 'node:os';
import path from 'node:path';
import { err, messageOf, ok, type Result } from '../../../shared/result.js';
import { VERSION } from '../../../shared/version.js';
import { HERITAGE_VARIABLE } from '../../master/upgrade/heritage.js';
import { readAccounts } from '../../ownership/accounts.js';
import { globPaths } from './glob.js';
import type { Magic } from './magic.js';
import { STANDARD_INPUT, standardInput } from './standard-input.js';
import type { IniWorld } from './world.js';

/** Whether this is a new master of an upgrade. */
export function isSuccessor(): boolean {
  return process.env[HERITAGE_VARIABLE] !== undefined;
}

/** The machine that this process runs on; names of files are relative to `cwd`. */
export function machineWorld(cwd: string, input = standardInput(isSuccessor())): IniWorld {
  const at = (file: string): string => path.resolve(cwd, file);
  const isKind = (file: string, kind: 'isFile' | 'isDirectory'): boolean => {
    const stats = tried(() => statSync(at(file)));
    return stats.ok && stats.value[kind]();
  };
  return {
    env: process.env,
    hostname: hostname(),
    isReload: isSuccessor(),
    magic: machineMagic(cwd),
    locate: (file) =>
      tried(() => {
        if (file === STANDARD_INPUT) return { path: at(file), inode: '0' };
        const real = realpathSync(at(file));
        return { path: real, inode: String(statSync(real).ino) };
      }),
    read: (file) =>
      file === STANDARD_INPUT ? input.read() : tried(() => readFileSync(at(file), 'utf8')),
    isReadable: (file) =>
      tried(() => {
        accessSync(at(file), constants.R_OK);
      }).ok,
    isFile: (file) => isKind(file, 'isFile'),
    isFolder: (file) => isKind(file, 'isDirectory'),
    glob: (pattern) => globPaths(pattern, (folder) => listFolder(at(folder))),
  };
}

function tried<T>(act: () => T): Result<T, string> {
  try {
    return ok(act());
  } catch (error) {
    return err(messageOf(error));
  }
}

function listFolder(folder: string): { name: string; isFolder: boolean }[] {
  const entries = tried(() => readdirSync(folder, { withFileTypes: true }));
  if (!entries.ok) return [];
  return entries.value.map((entry) => ({
    name: entry.name,
    isFolder: entry.isDirectory() || (entry.isSymbolicLink() && leadsToFolder(folder, entry.name)),
  }));
}

function leadsToFolder(folder: string, name: string): boolean {
  const stats = tried(() => statSync(path.join(folder, name)));
  return stats.ok && stats.value.isDirectory();
}

/** uWSGI's letters for the machine and the process, which are the same in every file. */
function machineMagic(cwd: string): Magic {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  // In a container there may be no account of this number.
  const user = tried(() => userInfo().username);
  const group = readAccounts().groups.find((candidate) => candidate.gid === gid)?.name;
  const now = Date.now();
  return new Map([
    ['v', cwd],
    ['V', VERSION],
    ['h', hostname()],
    ['k', String(availableParallelism())],
    ['u', String(uid)],
    ['U', user.ok ? user.value : String(uid)],
    ['g', String(gid)],
    ['G', group ?? String(gid)],
    ['b', process.argv[1] ?? process.execPath],
    ['t', String(Math.floor(now / 1000))],
    ['T', String(now * 1000)],
  ]);
}
