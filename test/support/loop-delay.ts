import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from './eventually.js';
import { ROOT } from './server.js';

const WATCH = path.join(ROOT, 'test/fixtures/loop-watch.mjs');

/** What makes a server that is started write down the delay of its master's event loop. */
export function loopWatchEnv(file: string): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--import=${pathToFileURL(WATCH).href}`, LOOP_WATCH_FILE: file };
}

/** A process that does nothing but tell how late it was: what the machine adds to every loop. */
export function startIdleLoop(file: string): { stop(): Promise<void> } {
  const child: ChildProcess = spawn(process.execPath, [WATCH], {
    env: { ...process.env, LOOP_WATCH_FILE: file },
    stdio: 'ignore',
  });
  const closed = once(child, 'close');
  return {
    async stop() {
      child.kill();
      await closed;
    },
  };
}

/** The delays that a process wrote since `begin` was called. */
export class LoopDelays {
  readonly #file: string;
  #from = 0;

  constructor(file: string) {
    this.#file = file;
  }

  begin(): void {
    this.#from = this.#lines().length;
  }

  /** Waits for what was written after now, and gives all since `begin`: milliseconds. */
  async end(): Promise<number[]> {
    const now = this.#lines().length;
    await eventually('the loop to write its delays', () => this.#lines().length > now + 1);
    return this.#lines().slice(this.#from).map(Number);
  }

  #lines(): string[] {
    if (!existsSync(this.#file)) return [];
    return readFileSync(this.#file, 'utf8').split('\n').slice(0, -1);
  }
}
