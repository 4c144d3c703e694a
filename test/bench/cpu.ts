import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time of a process over all its threads, in microseconds, from the scheduler's own books
 * (/proc/PID/task/TID/schedstat, nanoseconds on the CPU).
 */
export function cpuMicros(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).reduce((sum, tid) => {
    const text = readFileSync(`${tasks}/${tid}/schedstat`, 'utf8');
    return sum + Number(text.split(' ')[0]) / 1000;
  }, 0);
}

/** Resident set of a process in bytes. */
export function residentBytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? NaN) * 1024;
}

/** Proportional set of a process in bytes: memory shared by n processes counts one nth. */
export function proportionalBytes(pid: number): number {
  const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  return Number(match?.[1] ?? NaN) * 1024;
}
