import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  constants,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import path, { delimiter } from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from './eventually.js';
import { openPty, type Pty } from './pty.js';

/** What a newcomer's machine has beside the package: Node, and what a page names. */
const PROGRAMS = ['npm', 'npx', 'sh', 'curl'];

/** How a command ended, and all that it printed. */
export interface Read {
  readonly code: number | null;
  readonly told: string;
}

/** Someone who types the commands of a page, in a folder with nothing in it. */
export interface PageReader {
  readonly folder: string;
  /** Where the ports of a page are here: no two readers have the same. */
  readonly at: Readonly<Record<'8000' | '9191', string>>;
  /** Text of a page with the addresses of this reader. */
  here(text: string): string;
  /** Writes a file that the page shows. */
  write(name: string, text: string): void;
  /** Types a command and waits for its end. */
  run(command: string): Promise<Read>;
  /** Types one that goes on, and waits until it has said something. */
  start(command: string, says: RegExp): Promise<string>;
  /** Types ^C where one goes on; how that ended, null where none does. */
  interrupt(): Promise<(Read & { readonly command: string }) | null>;
  /** Types a command in a terminal of its own. */
  open(command: string): Promise<Pty | undefined>;
}

/** The program that a word on the command line means; undefined where there is none. */
function found(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const files = folders.map((folder) => path.join(folder, program));
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Puts Node and what else a page needs into a folder; false where a program is missing. */
export function lendPrograms(folder: string): boolean {
  mkdirSync(folder);
  symlinkSync(process.execPath, path.join(folder, 'node'));
  const files = PROGRAMS.map((program) => ({ program, file: found(program) }));
  if (files.some(({ file }) => file === undefined)) return false;
  for (const { program, file = '' } of files) {
    symlinkSync(realpathSync(file), path.join(folder, program));
  }
  return true;
}

/** A reader at a folder; `bin` are the folders in which its shell looks for programs. */
export async function createPageReader(
  t: TestContext,
  folder: string,
  bin: readonly string[],
): Promise<PageReader> {
  const at = await ownAddresses();
  const run = path.join(folder, '.run');
  mkdirSync(run, { mode: 0o700 });
  const env = { PATH: bin.join(delimiter), HOME: folder, XDG_RUNTIME_DIR: run, LANG: 'C.UTF-8' };
  let running: { child: ChildProcess; command: string; told: () => string } | null = null;
  const type = (command: string): { child: ChildProcess; told: () => string } => {
    // A group of its own, as a shell at a terminal makes it: ^C reaches all of it.
    const child = spawn('sh', ['-c', `exec ${command}`], {
      ...{ cwd: folder, env, detached: true },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding('utf8').on('data', (more: string) => (text += more));
    }
    return { child, told: () => text };
  };
  const interrupt: PageReader['interrupt'] = async () => {
    if (running === null) return null;
    const { child, command, told } = running;
    running = null;
    if (child.exitCode === null) {
      const ended = once(child, 'close');
      process.kill(-(child.pid ?? 0), 'SIGINT');
      await ended;
    }
    return { command, code: child.exitCode, told: told() };
  };
  t.after(async () => {
    await interrupt();
  });
  return {
    ...{ folder, at, interrupt },
    here: (text) =>
      text.replaceAll(/(?:localhost)?:(8000|9191)\b/g, (_, port: '8000' | '9191') => at[port]),
    write: (name, text) => {
      writeFileSync(path.join(folder, name), text);
    },
    run: async (command) => {
      const { child, told } = type(command);
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, told: told() };
    },
    start: async (command, says) => {
      const { child, told } = type(command);
      running = { child, command, told };
      await eventually(`${command} to say ${says.source}: ${told()}`, () => {
        if (child.exitCode !== null) throw new Error(`it ended: ${told()}`);
        return says.test(told());
      });
      return told();
    },
    open: (command) => openPty(t, { file: 'sh', args: ['-c', `exec ${command}`], env }),
  };
}

/**
 * Free ports at an address of loopback that nobody else listens on by chance: on 127.0.0.1 they could
 * be taken by any connection that is opened meanwhile.
 */
async function ownAddresses(): Promise<PageReader['at']> {
  const bytes = [process.pid >> 16, process.pid >> 8, process.pid].map((part) => part & 255);
  const host = `127.${bytes[0]}.${bytes[1]}.${Math.min(254, Math.max(2, bytes[2] ?? 2))}`;
  const servers = ['8000', '9191'].map(() => net.createServer().listen(0, host));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(
    servers.map((server) => {
      const closed = once(server, 'close');
      server.close();
      return closed;
    }),
  );
  return { '8000': `${host}:${ports[0]}`, '9191': `${host}:${ports[1]}` };
}
