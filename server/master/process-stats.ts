import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import pidusage from 'pidusage';

/** What the operating system tells of a process, without its cooperation. */
export interface ProcessStats {
  /** Bytes. */
  readonly rss: number;
  /** Bytes; 0 where /proc does not tell. */
  readonly vsz: number;
  /** Percent of one core since the last measurement; null at the first. */
  readonly cpu: number | null;
  /** Bytes that it shares with no other process; null unless asked for, and where /proc does not tell. */
  readonly uss: number | null;
}

export interface ProcessWatch {
  /** The last measurement of a process. */
  get(pid: number): ProcessStats | undefined;
  /** Measures all of `pids`; others are forgotten. */
  measure(pids: readonly number[]): Promise<void>;
}

/** Virtual memory in bytes out of /proc/PID/stat; 0 when the text is not such a file's. */
export function parseVsize(stat: string): number {
  // The command, field 2, is in parentheses and may hold anything; vsize is field 23.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const vsize = Number(fields[20]);
  return Number.isFinite(vsize) ? vsize : 0;
}

/** Memory that is shared with nobody, in bytes, out of /proc/PID/smaps_rollup; null when it is not such a file's. */
export function parseUss(rollup: string): number | null {
  const kilobytes = [...rollup.matchAll(/^Private_\w+: +(\d+) kB$/gm)].map(([, kb]) => Number(kb));
  return kilobytes.length === 0 ? null : kilobytes.reduce((sum, kb) => sum + kb, 0) * 1024;
}

/** CPU time is counted in steps of 10 ms: over less than this, a share of it says nothing. */
const SHORTEST_MS = 500;

interface Measurement extends ProcessStats {
  /** Monotonic milliseconds of the measurement that `cpu` begins at. */
  readonly at: number;
}

/**
 * Measures RSS and CPU with pidusage, and VSZ, which it leaves out, from /proc. `withUss` also asks
 * for the unshared memory, for which the kernel walks all pages of the process: some milliseconds.
 */
export function watchProcesses(withUss: boolean): ProcessWatch {
  let known = new Map<number, Measurement>();
  let primed: Promise<unknown> | undefined;
  const measureOne = async (pid: number): Promise<readonly [number, Measurement] | null> => {
    const before = known.get(pid);
    const at = performance.now();
    try {
      const { memory, cpu } = await pidusage(pid);
      const uss = withUss ? await readUss(pid) : null;
      const isLong = before !== undefined && at - before.at >= SHORTEST_MS;
      return [
        pid,
        { rss: memory, vsz: readVsize(pid), cpu: isLong ? cpu : (before?.cpu ?? null), uss, at },
      ];
    } catch {
      return null; // It ended between its listing and its measurement.
    }
  };
  return {
    get: (pid) => known.get(pid),
    async measure(pids) {
      // The first call asks `getconf` for the page size, in a process; all others wait for it.
      primed ??= measureOne(process.pid);
      await primed;
      const measured = await Promise.all(pids.map(measureOne));
      known = new Map(measured.filter((entry) => entry !== null));
    },
  };
}

function readVsize(pid: number): number {
  try {
    return parseVsize(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return 0;
  }
}

async function readUss(pid: number): Promise<number | null> {
  try {
    return parseUss(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'));
  } catch {
    return null;
  }
}
