import type { TestContext } from 'node:test';
import { createEmulator, type Emulator } from './terminal.js';

/** A program in a real pseudo-terminal, seen through a real terminal emulator. */
export interface Pty extends Omit<Emulator, 'feed' | 'dispose' | 'resize'> {
  readonly pid: number;
  /** Sends what a keyboard would; a name of the table below, or the characters themselves. */
  press(...keys: readonly string[]): void;
  resize(width: number, height: number): void;
  /** The exit code and what was on the screen at the end. */
  readonly exited: Promise<{ readonly exitCode: number; readonly signal: number }>;
  /** Closes the terminal as a window is closed. */
  hangUp(): void;
  /** Everything that was written, with its escape sequences. */
  output(): string;
}

export interface PtyOptions {
  readonly file?: string;
  readonly args: readonly string[];
  readonly width?: number;
  readonly height?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const KEYS: Readonly<Record<string, string>> = {
  up: '\x1b[A',
  down: '\x1b[B',
  pageup: '\x1b[5~',
  pagedown: '\x1b[6~',
  home: '\x1b[H',
  end: '\x1b[F',
  tab: '\t',
  enter: '\r',
  escape: '\x1b',
  f6: '\x1b[17~',
  f2: '\x1bOQ',
  f9: '\x1b[20~',
  f10: '\x1b[21~',
  'ctrl-c': '\x03',
  'ctrl-l': '\x0c',
  'ctrl-r': '\x12',
  'ctrl-z': '\x1a',
  'ctrl-\\': '\x1c',
};

const ENVIRONMENT = {
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
};

/**
 * Starts a program (by default Node) in a pty; the test ends it. Undefined, with the test skipped,
 * where the native module cannot be loaded.
 */
export async function openPty(t: TestContext, options: PtyOptions): Promise<Pty | undefined> {
  const nodePty = await import('@lydell/node-pty').catch((error: unknown) => {
    t.skip(`@lydell/node-pty cannot be loaded here: ${String(error)}`);
    return undefined;
  });
  if (!nodePty) return undefined;
  const { width = 80, height = 24 } = options;
  const emulator = createEmulator(width, height);
  const child = nodePty.spawn(options.file ?? process.execPath, [...options.args], {
    ...{ cols: width, rows: height, encoding: 'utf8' },
    name: options.env?.['TERM'] ?? ENVIRONMENT.TERM,
    env: { ...ENVIRONMENT, ...options.env },
  });
  let output = '';
  let gone = false;
  child.onData((text) => {
    output += text;
    void emulator.feed(text);
  });
  const exited = new Promise<{ exitCode: number; signal: number }>((resolve) => {
    child.onExit(({ exitCode, signal }) => {
      gone = true;
      // What the program wrote last is interpreted before anybody looks.
      void emulator.feed('').then(() => {
        resolve({ exitCode, signal: signal ?? 0 });
      });
    });
  });
  t.after(async () => {
    if (!gone) child.kill('SIGKILL');
    await exited;
    emulator.dispose();
  });
  return {
    ...emulator,
    pid: child.pid,
    exited,
    press(...keys) {
      for (const key of keys) child.write(KEYS[key] ?? key);
    },
    resize(columns, rows) {
      child.resize(columns, rows);
      emulator.resize(columns, rows);
    },
    hangUp() {
      // The master side is closed, whereupon the kernel sends SIGHUP.
      if (canDestroy(child)) child.destroy();
    },
    output: () => output,
  };
}

/** node-pty has it, its types have not. */
function canDestroy(child: object): child is { destroy(): void } {
  return 'destroy' in child;
}
