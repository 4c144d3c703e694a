import { chownSync, mkdtempSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { MAX_UNIX_PATH } from '../../shared/address.js';
import { type Problem, within } from '../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { runtimeDirectory } from '../../shared/runtime-directory.js';
import { privateDirectory } from '../control/private-directory.js';
import type { Log } from '../log.js';
import { FOLDER_PROBLEMS } from '../problems/folders.js';
import { SOCKET_PROBLEMS } from '../problems/sockets.js';
import { runtimeEnvironment } from '../ownership/runtime-environment.js';
import { bindSocket, type BoundSocket } from './bind.js';
import { folderPrefix, removeStaleFolders } from './stale-folders.js';

/** The sockets between routers and workers. */
export interface PrivateSockets {
  /** That of each worker, in the order of their ids. */
  readonly sockets: readonly BoundSocket[];
  /** Binds those that are missing for so many workers; those that there are stay. */
  grow(workers: number): Promise<Result<null, Problem>>;
  /** Closes them and removes their files and their folder; says what could not be removed. */
  close(log: Log): void;
}

/** Without routers there are none. */
export const NO_PRIVATE_SOCKETS: PrivateSockets = {
  sockets: [],
  grow: () => Promise.resolve(ok(null)),
  close: () => undefined,
};

/** Who workers and routers are. */
interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Binds a unix socket for each worker in a folder of their own, which is closed to everybody but
 * `owner`: whoever reaches such a socket is believed what he says of his client. Each master has a
 * folder of its own, so that an old and a new one never share a socket.
 */
export async function bindPrivateSockets(
  workers: number,
  owner: Owner,
): Promise<Result<PrivateSockets, Problem>> {
  const folder = makeFolder(owner, longestName(workers));
  if (!folder.ok) return folder;
  const sockets: BoundSocket[] = [];
  const bound: PrivateSockets = {
    sockets,
    async grow(wanted) {
      for (let id = sockets.length + 1; id <= wanted; id++) {
        const socket = await bindSocket(path.join(folder.value, socketName(id)));
        if (!socket.ok) return socket;
        sockets.push(socket.value);
        const given = giveAway(socket.value.name, owner);
        if (!given.ok) return given;
      }
      return ok(null);
    },
    close(log) {
      const problems = sockets.map((socket) => socket.close());
      for (const problem of [...problems, removeFolder(folder.value)]) {
        if (problem !== null) log(problem, 'warn');
      }
    },
  };
  const grown = await bound.grow(workers);
  if (grown.ok) return ok(bound);
  bound.close(() => undefined);
  return grown;
}

/** What `mkdtemp` adds. */
const RANDOM = 6;

function socketName(worker: number): string {
  return `worker-${worker}.sock`;
}

function longestName(workers: number): number {
  return folderPrefix().length + RANDOM + 1 + socketName(workers).length;
}

/** In the runtime directory, or in that of /tmp where the path would be too long for a socket. */
function makeFolder(owner: Owner, nameLength: number): Result<string, Problem> {
  const own = runtimeDirectory(runtimeEnvironment(owner.uid), owner.uid);
  const fits = Buffer.byteLength(own) + 1 + nameLength <= MAX_UNIX_PATH;
  const parent = fits ? own : runtimeDirectory({}, owner.uid);
  const remedy =
    'set XDG_RUNTIME_DIR to a folder of your own, or use --http-socket instead of --http';
  const there = privateDirectory(parent, { ...owner, remedy });
  if (!there.ok) return err(within('--http', there.error));
  removeStaleFolders(parent, owner.uid);
  try {
    const folder = mkdtempSync(path.join(parent, folderPrefix()));
    const given = giveAway(folder, owner);
    return given.ok ? ok(folder) : given;
  } catch (error) {
    return err(within('--http', FOLDER_PROBLEMS.isUnusable(parent, messageOf(error), remedy)));
  }
}

/** Root binds, and the user that it becomes, or its children are, uses. */
export function giveAway(file: string, { uid, gid }: Owner): Result<null, Problem> {
  if (uid === process.geteuid?.()) return ok(null);
  try {
    chownSync(file, uid, gid);
    return ok(null);
  } catch (error) {
    return err(within('--http', SOCKET_PROBLEMS.notGivenAway(file, uid, messageOf(error))));
  }
}

function removeFolder(folder: string): string | null {
  try {
    rmdirSync(folder);
    return null;
  } catch (error) {
    return `the folder ${folder} cannot be removed: ${messageOf(error)}`;
  }
}
