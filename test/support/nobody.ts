import { accessSync, chownSync, constants } from 'node:fs';
import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { findUser, readAccounts } from '../../server/ownership/accounts.js';
import { ROOT } from './server.js';

/** The user `nobody` of this machine. */
export interface Nobody {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user that tests become; null, and the test is skipped with the reason, where they cannot.
 */
export function becomesNobody(t: TestContext): Nobody | null {
  if (process.getuid?.() !== 0) {
    t.skip('only root can become another user');
    return null;
  }
  const found = findUser(readAccounts(), 'nobody');
  if (!found.ok || found.value.gid === null) {
    t.skip('this machine has no user nobody');
    return null;
  }
  const { uid, gid } = found.value;
  const main = `${ROOT}dist/server/main.js`;
  accessSync(main, constants.R_OK);
  const read = spawnSync(process.execPath, ['--check', main], { uid, gid, cwd: '/' });
  if (read.status !== 0) {
    t.skip(`nobody cannot run ${main}`);
    return null;
  }
  return { uid, gid };
}

/** Gives a folder to nobody. */
export function give(folder: string, { uid, gid }: Nobody): string {
  chownSync(folder, uid, gid);
  return folder;
}
