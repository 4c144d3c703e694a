import { readFileSync } from 'node:fs';

/** Whose a claimed task or a file in the making is. */
export interface Owners {
  /** This process: `PID-START-BOOT`. */
  readonly self: string;
  /** False only where the process provably lives no more. */
  isAlive(owner: string): boolean;
}

const OWNER = /^(\d{1,10})-(\d{1,20})-([0-9a-f]{1,32})$/;

/** Whether a name is that of an owner. */
export function isOwner(name: string): boolean {
  return OWNER.test(name);
}

/** Looks owners up in /proc; where there is none, their pid alone tells whether they live. */
export function processOwners(): Owners {
  const boot = readBoot();
  const self = `${process.pid}-${startOf(process.pid) ?? 0}-${boot}`;
  return {
    self,
    isAlive(owner) {
      const [, pid, start, itsBoot] = OWNER.exec(owner) ?? [];
      if (owner === self) return true;
      if (pid === undefined || itsBoot !== boot) return false;
      const now = startOf(Number(pid));
      return now === null ? !isFree(Number(pid)) : now === Number(start);
    },
  };
}

/**
 * When the process of a pid started, in ticks since the machine did, by which it differs from all
 * others that have had this pid since; -1 for one that has ended and waits for its parent; null when
 * it cannot be found out.
 */
function startOf(pid: number): number | null {
  try {
    return parseStart(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return null;
  }
}

/** Reads the text of /proc/PID/stat. */
export function parseStart(stat: string): number | null {
  // The command, field 2, is in parentheses and may hold anything; field 3 follows it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return -1;
  const start = Number(fields[22 - 3] ?? NaN);
  return Number.isSafeInteger(start) ? start : null;
}

/** Pids and starts come again after the machine was started anew: this does not. */
function readBoot(): string {
  try {
    const id = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').replaceAll(
      /[^0-9a-f]/g,
      '',
    );
    return id.slice(0, 8) || '0';
  } catch {
    return '0';
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
