import { setTimeout as pause } from 'node:timers/promises';
import { cpuMicros, residentBytes } from './cpu.js';

/** A program in a pseudo-terminal that nobody looks at, whose output is counted. */
export interface WatchedTerminal extends Disposable {
  readonly pid: number;
  /** Milliseconds from the start to the first output that matches; rejects when it ends before. */
  until(what: RegExp): Promise<number>;
  /** Bytes that were written since the last question. */
  bytes(): number;
  /** Writes a key; milliseconds until the program writes, and the bytes of that. */
  press(key: string): Promise<{ readonly ms: number; readonly bytes: number }>;
  /** What it costs while it is left alone for so many milliseconds. */
  rest(ms: number): Promise<{ readonly cpuPercent: number; readonly bytesPerSecond: number }>;
  residentBytes(): number;
}

/** What a terminal of this size is told by, and nothing of this machine. */
const SIZE = { cols: 200, rows: 60 } as const;
/** A key is answered at once, or not at all. */
const DEAF_MS = 2000;

/** Starts a command in a terminal of 200 x 60. */
export async function watchTerminal(
  file: string,
  args: readonly string[],
): Promise<WatchedTerminal> {
  const { spawn } = await import('@lydell/node-pty');
  const startedAt = performance.now();
  const child = spawn(file, [...args], {
    ...SIZE,
    name: 'xterm-256color',
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8' },
  });
  let written = 0;
  let text = '';
  const hearers = new Set<() => void>();
  child.onData((data) => {
    written += Buffer.byteLength(data);
    text = (text + data).slice(-200_000);
    for (const each of [...hearers]) each();
  });
  const ended = new Promise<never>((_, reject) => {
    child.onExit(() => {
      reject(new Error(`${file} ended: ${text.slice(-500)}`));
    });
  });
  ended.catch(() => undefined);
  const heard = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        hearers.delete(look);
        resolve();
      };
      hearers.add(look);
      look();
    });
  const bytes = (): number => {
    const since = written;
    written = 0;
    return since;
  };
  return {
    pid: child.pid,
    bytes,
    async until(what) {
      await Promise.race([heard(() => what.test(text)), ended]);
      return performance.now() - startedAt;
    },
    async press(key) {
      bytes();
      const at = performance.now();
      child.write(key);
      await Promise.race([heard(() => written > 0), ended, pause(DEAF_MS)]);
      const ms = performance.now() - at;
      return { ms, bytes: bytes() };
    },
    async rest(ms) {
      bytes();
      const cpu = cpuMicros(child.pid);
      const at = performance.now();
      await pause(ms);
      const passed = performance.now() - at;
      return {
        cpuPercent: (cpuMicros(child.pid) - cpu) / passed / 10,
        bytesPerSecond: bytes() / (passed / 1000),
      };
    },
    residentBytes: () => residentBytes(child.pid),
    [Symbol.dispose]: () => {
      child.kill('SIGKILL');
    },
  };
}
