import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** What /proc/PID/stat tells of a process (proc_pid_stat(5)). */
export interface ProcStat {
  /** CPU time in all, user and system, milliseconds. */
  readonly cpuMs: number;
  /** Bytes. */
  readonly vsz: number;
  /** Pages. */
  readonly residentPages: number;
}

/** The kernel counts CPU time for programs in hundredths of a second, on every architecture. */
const MS_A_TICK = 10;

/** Reads the text of a stat file; null when it is none. */
export function parseStat(text: string): ProcStat | null {
  // The command, field 2, is in parentheses and may hold anything; field 3 follows it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  const stat = {
    cpuMs: (field(14) + field(15)) * MS_A_TICK,
    vsz: field(23),
    residentPages: field(24),
  };
  return Object.values(stat).every(Number.isFinite) ? stat : null;
}

/** The size of a memory page: this process's virtual memory in kB by its number of pages. */
export function pageSize(): number {
  const kilobytes = Number(
    /^VmSize:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1],
  );
  const pages = Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[0]);
  const size = (kilobytes * 1024) / pages;
  // Memory may be mapped between the two readings: sizes are powers of two.
  return 2 ** Math.round(Math.log2(size));
}

/**
 * The resident pages in the text of /proc/PID/statm; null when it is none. Since Linux 6.2 the kernel
 * keeps the number in a part for each CPU: statm sums these up in new kernels, and stat never does,
 * so that it may be some hundred pages off on two CPUs and many thousand on a hundred.
 */
export function parseResident(text: string): number | null {
  const pages = /^\d+ (\d{1,15}) /.exec(text)?.[1];
  return pages === undefined ? null : Number(pages);
}

/** The stat files of the processes that are watched, kept open. */
export interface StatFiles {
  /** Null when the process is gone, or there is no descriptor left to read it with. */
  read(pid: number): ProcStat | null;
  /** Closes the files of all other processes. */
  keep(pids: readonly number[]): void;
}

/** Opens each file when it is first read. */
export function openStatFiles(): StatFiles {
  const stats = openFiles('stat');
  const sizes = openFiles('statm');
  return {
    read(pid) {
      const stat = parseStat(stats.read(pid) ?? '');
      if (stat === null) return null;
      const residentPages = parseResident(sizes.read(pid) ?? '') ?? stat.residentPages;
      return { ...stat, residentPages };
    },
    keep(pids) {
      stats.keep(pids);
      sizes.keep(pids);
    },
  };
}

/**
 * A file that is opened once a process costs a quarter of one that is opened for each reading, and
 * never tells of another process that got the same pid: it ends with its own.
 */
function openFiles(name: 'stat' | 'statm') {
  const open = new Map<number, number>();
  const buffer = Buffer.alloc(1024);
  const close = (pid: number): void => {
    const fd = open.get(pid);
    open.delete(pid);
    if (fd !== undefined) closeSync(fd);
  };
  return {
    read(pid: number): string | null {
      try {
        const fd = open.get(pid) ?? openSync(`/proc/${pid}/${name}`, 'r');
        open.set(pid, fd);
        const length = readSync(fd, buffer, 0, buffer.length, 0);
        return buffer.toString('latin1', 0, length);
      } catch {
        // The process is gone; the next one of this pid has a file of its own.
        close(pid);
        return null;
      }
    },
    keep(pids: readonly number[]): void {
      const kept = new Set(pids);
      for (const pid of [...open.keys()]) if (!kept.has(pid)) close(pid);
    },
  };
}
