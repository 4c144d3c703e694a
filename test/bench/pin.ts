import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/**
 * Servers run on the first processor and the load on the second: where the kernel moves them about,
 * two runs of the same code differ by more than what is measured. Without `taskset` (util-linux)
 * nothing is pinned.
 */
const isPinned = spawnSync('taskset', ['-cp', '1', String(process.pid)]).status === 0;

/** How the bench ran, for its head line. */
export const PINNING = isPinned ? 'servers on CPU 0, load on CPU 1' : 'not pinned';

/** Words before the command of any other server under measurement. */
export const SERVER_LAUNCHER: readonly string[] = isPinned ? ['taskset', '-c', '0'] : [];

/** The command that runs a Node program as a server under measurement. */
export function serverCommand(args: readonly string[]): [string, string[]] {
  return isPinned
    ? ['taskset', ['-c', '0', process.execPath, ...args]]
    : [process.execPath, [...args]];
}

/**
 * The same on all processors, for what is measured in time and not in CPU time: how long something
 * takes depends on what may run side by side, and this process is pinned.
 */
export function freeCommand(args: readonly string[]): [string, string[]] {
  return isPinned
    ? ['taskset', ['-c', `0-${cpus().length - 1}`, process.execPath, ...args]]
    : [process.execPath, [...args]];
}
