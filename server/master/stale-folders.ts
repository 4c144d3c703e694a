import { lstatSync, readdirSync, readFileSync, rmdirSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { pidNamespace } from '../control/key-file.js';

/**
 * The folders of masters that were killed: whoever gets SIGKILL cannot remove his own. Their names
 * say whose they are, in base 36, since the path of a socket is short: the numbering of processes that
 * the master lived in, its pid, and when that started.
 */
const NAME = /^http-([0-9a-z]{1,13})-([0-9a-z]{1,6})-([0-9a-z]{1,13})-[0-9A-Za-z]{6}$/;

/** More entries than this in a runtime directory are not ours to sort out. */
const MAX_ENTRIES = 1000;

/** How the name of a folder of this process begins; `mkdtemp` adds the rest. */
export function folderPrefix(): string {
  const space = namespaceNumber();
  const started = startOf(process.pid);
  if (space === null || typeof started !== 'number') return 'http-';
  return `http-${[space, process.pid, started].map((each) => each.toString(36)).join('-')}-`;
}

/**
 * Removes the folders in a runtime directory that belong to `uid` and to a master that is provably
 * dead: its pid is free, or another process has it, in the numbering that we live in (a container may
 * share the directory). Only sockets of workers are removed from them; whatever else is there keeps
 * its folder. Everything else stays, links above all. Returns how many are gone.
 */
export function removeStaleFolders(directory: string, uid: number): number {
  const space = namespaceNumber();
  if (space === null) return 0;
  let removed = 0;
  for (const name of namesIn(directory).slice(0, MAX_ENTRIES)) {
    const [, itsSpace, pid, started] = NAME.exec(name) ?? [];
    if (itsSpace === undefined || parseInt(itsSpace, 36) !== space) continue;
    if (!isDead(parseInt(pid ?? '', 36), parseInt(started ?? '', 36))) continue;
    if (removeFolder(path.join(directory, name), uid)) removed++;
  }
  return removed;
}

function removeFolder(folder: string, uid: number): boolean {
  try {
    const there = lstatSync(folder);
    if (!there.isDirectory() || there.uid !== uid || (there.mode & 0o077) !== 0) return false;
    for (const name of namesIn(folder)) {
      const file = path.join(folder, name);
      if (/^worker-\d+\.sock$/.test(name) && lstatSync(file).isSocket()) unlinkSync(file);
    }
    rmdirSync(folder);
    return true;
  } catch {
    // Another master was quicker, or something else lies in it.
    return false;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function isDead(pid: number, started: number): boolean {
  const now = startOf(pid);
  return now === 'no such process' || (now !== null && now !== started);
}

/**
 * When the process of a pid started, in ticks since the machine did, by which it differs from all
 * others that have had this pid; null when it cannot be found out.
 */
function startOf(pid: number): number | 'no such process' | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command, field 2, is in parentheses and may hold anything; field 3 follows it.
    const started = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[22 - 3]);
    return Number.isSafeInteger(started) ? started : null;
  } catch {
    return isFree(pid) ? 'no such process' : null;
  }
}

/** /proc may hide the processes of others: the kernel itself does not. */
function isFree(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

function namespaceNumber(): number | null {
  const [, number] = /^pid:\[(\d{1,15})\]$/.exec(pidNamespace()) ?? [];
  return number === undefined ? null : Number(number);
}
