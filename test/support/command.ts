import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from './eventually.js';
import { descendants, isAlive } from './server.js';

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url));

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `tsuwsgi` to its end, in a folder that is its runtime directory too; `input` is what it may read. */
export async function runCommand(
  args: readonly string[],
  folder: string,
  input = '',
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { ...process.env, XDG_RUNTIME_DIR: folder },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // It may end without having read it.
  child.stdin.on('error', () => undefined).end(input);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** The pid in a file; 0 where there is none. */
export function pidIn(folder: string, name = 'm.pid'): number {
  try {
    return Number(readFileSync(path.join(folder, name), 'latin1'));
  } catch {
    return 0;
  }
}

/** At the end of the test whoever stands in the pid file is ended, with all it started. */
export function endsWithTest(test: TestContext, folder: string, name?: string): void {
  test.after(async () => {
    const pid = pidIn(folder, name);
    if (pid === 0 || !isAlive(pid)) return;
    const all = [pid, ...descendants(pid)];
    process.kill(pid, 'SIGINT');
    await eventually('the instance to be gone', () => !all.some(isAlive));
  });
}
