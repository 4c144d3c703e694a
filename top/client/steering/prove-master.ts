import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { err, messageOf, ok, type Result } from '../../../shared/result.js';
import { isLoopback, type Peer, tcpListeners, unixListeners } from './listeners.js';
import { readStat } from './process-stat.js';

/** A master that holds the socket which answered us. */
export interface Master {
  readonly pid: number;
  readonly started: string;
}

/** What a document says of its processes. It may be of another machine, or a lie. */
export interface Claim {
  readonly master: number;
  /** The pids of the workers, without those that have none. */
  readonly workers: readonly number[];
}

/** The uWSGI option that helps where signals cannot be sent. */
const HELP = 'use its master-fifo with --fifo PATH';

/**
 * Finds out whether the master that a document names is a process of this machine that listens on
 * the very socket the document came from, and has started the workers that it names. Only then may
 * it be signalled. The error is one sentence with what would help.
 */
export async function proveMaster(
  peer: Peer | null,
  claim: Claim,
  proc: string,
): Promise<Result<Master, string>> {
  const pid = claim.master;
  if (peer === null || (peer.kind === 'tcp' && !isLoopback(peer.host))) {
    return err(
      `signals reach this machine only: run tsuwsgitop where the uWSGI runs, or ${HELP} there`,
    );
  }
  const stat = Number.isSafeInteger(pid) && pid > 1 ? readStat(proc, pid) : null;
  if (stat === null) {
    return err(`no process ${pid} here is the uWSGI master, as in a container: ${HELP}`);
  }
  try {
    const inodes = await listenersOf(peer, pid, proc);
    if (inodes.length === 0 || !(await holdsAll(pid, inodes, proc))) {
      return err(`process ${pid} does not hold the socket that answers: ${HELP}`);
    }
  } catch (error) {
    return err(refusal(pid, error));
  }
  if (!claim.workers.some((worker) => readStat(proc, worker)?.parent === pid)) {
    return err(`none of the workers was started by process ${pid}: ${HELP}`);
  }
  return ok({ pid, started: stat.started });
}

function refusal(pid: number, error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === 'EACCES' || code === 'EPERM') {
    return `the uWSGI is another user's: run tsuwsgitop as that user, or ${HELP}`;
  }
  if (code === 'ENOENT')
    return `process ${pid} cannot be looked at in ${messageOf(error)}: ${HELP}`;
  return `${messageOf(error)}: ${HELP}`;
}

/** Every listening socket that may be the one which answers at a place. */
async function listenersOf(peer: Peer, pid: number, proc: string): Promise<readonly string[]> {
  switch (peer.kind) {
    case 'tcp': {
      const tables = ['tcp', 'tcp6'].map((name) => readTable(`${proc}/net/${name}`));
      return tcpListeners(await Promise.all(tables), peer);
    }
    case 'abstract': {
      // uWSGI counts the closing NUL as part of the name; the table writes it as another @.
      const names = [`@${peer.name}`, `@${peer.name}@`];
      const rows = unixListeners(await readTable(`${proc}/net/unix`));
      return rows.filter((row) => names.includes(row.path)).map(({ inode }) => inode);
    }
    case 'unix': {
      const file = await realpath(peer.path);
      const folder = await readlink(`${proc}/${pid}/cwd`);
      const rows = unixListeners(await readTable(`${proc}/net/unix`));
      const same = await Promise.all(
        rows.map((row) => isFile(path.resolve(folder, row.path), file)),
      );
      return rows.filter((_, index) => same[index] === true).map(({ inode }) => inode);
    }
  }
}

/** IPv6 may be switched off. */
async function readTable(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

async function isFile(bound: string, file: string): Promise<boolean> {
  if (path.basename(bound) !== path.basename(file)) return false;
  try {
    return (await realpath(bound)) === file;
  } catch {
    return false;
  }
}

async function holdsAll(pid: number, inodes: readonly string[], proc: string): Promise<boolean> {
  const folder = `${proc}/${pid}/fd`;
  const links = (await readdir(folder)).map(async (name) => {
    // A descriptor that was closed meanwhile.
    return readlink(`${folder}/${name}`).catch(() => '');
  });
  const held = new Set(await Promise.all(links));
  return inodes.every((inode) => held.has(`socket:[${inode}]`));
}
