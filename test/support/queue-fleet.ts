import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Seeded } from './seeded.js';

/** Processes of one script, so many at a time, under names that are never given twice. */
export interface Fleet {
  /** Does something bad to one of them: it is killed and replaced, or stopped for a while. */
  strike(chance: Seeded): void;
  /** Kills them all, those that are stopped too, and waits for their ends. */
  end(): Promise<void>;
  /** Names of those that were killed. */
  readonly killed: ReadonlySet<string>;
  /** What those said that ended by themselves. */
  readonly complaints: readonly string[];
}

const KILL_SHARE = 0.6;
const LONGEST_STOP_MS = 300;

export function startFleet(
  t: TestContext,
  size: number,
  script: string,
  argumentsOf: (name: string) => readonly string[],
): Fleet {
  const running = new Map<string, ChildProcess>();
  const killed = new Set<string>();
  const complaints: string[] = [];
  let begun = 0;

  const begin = (): void => {
    const name = `${script}${begun++}`;
    const file = path.join(import.meta.dirname, `queue-${script}.js`);
    const child = spawn(process.execPath, [file, ...argumentsOf(name)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('close', () => {
      running.delete(name);
      if (!killed.has(name)) complaints.push(`${name}: ${said}`);
    });
    running.set(name, child);
  };
  const kill = (name: string, child: ChildProcess): void => {
    killed.add(name);
    child.kill('SIGKILL');
  };
  const end = async (): Promise<void> => {
    const ends = [...running].map(async ([name, child]) => {
      kill(name, child);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    });
    await Promise.all(ends);
  };

  for (let n = 0; n < size; n++) begin();
  t.after(end);
  return {
    killed,
    complaints,
    end,
    strike(chance) {
      const [name, child] = chance.pick([...running]);
      if (chance.next() < KILL_SHARE) {
        kill(name, child);
        running.delete(name);
        begin();
        return;
      }
      child.kill('SIGSTOP');
      setTimeout(() => child.kill('SIGCONT'), chance.next() * LONGEST_STOP_MS);
    },
  };
}
