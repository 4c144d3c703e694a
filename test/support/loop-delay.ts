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

/** Milliseconds by which a loop was late, and the part of them that no other process explains. */
export interface Lateness {
  readonly all: number;
  readonly own: number;
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

  /** Waits for what was written after now, and gives all since `begin`. */
  async end(): Promise<Lateness[]> {
    const now = this.#lines().length;
    await eventually('the loop to write its delays', () => this.#lines().length > now + 1);
    return this.#lines()
      .slice(this.#from)
      .map((line) => {
        const [all, own] = line.split(' ').map(Number);
        return { all: all ?? NaN, own: own ?? NaN };
      });
  }

  #lines(): string[] {
    if (!existsSync(this.#file)) return [];
    return readFileSync(this.#file, 'utf8').split('\n').slice(0, -1);
  }
}
