import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { InheritedSocket } from './inherited-socket.js';
import type { LoadOrder, LoadReport } from './loads-application.js';

/** The repository, seen from the compiled tests. */
export const REPOSITORY = path.resolve(import.meta.dirname, '../../..');

/** The file of an application in `test/fixtures/apps`. */
export function fixtureApp(name: string): string {
  return path.join(REPOSITORY, 'test/fixtures/apps', name);
}

export interface ApplicationProcess {
  readonly report: LoadReport;
  /** What it wrote to standard error so far. */
  errorOutput(): string;
  /** Waits until standard error contains the text. */
  saw(text: string): Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Loads an application in a child that inherits `socket`; resolves with its report. */
export async function startApplication(
  order: Pick<LoadOrder, 'file' | 'exportName' | 'bootMs' | 'bare'>,
  socket: InheritedSocket,
): Promise<ApplicationProcess> {
  const { fd, backlog, address } = socket.place;
  const script = path.join(import.meta.dirname, 'loads-application.js');
  const full: LoadOrder = { ...order, backlog, address };
  const child = spawn(process.execPath, [script, JSON.stringify(full)], {
    stdio: ['ignore', 'pipe', 'pipe', fd],
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const stop = (): Promise<void> => stopChild(child);
  const report = await firstReport(child);
  if (report === undefined) {
    await stop();
    throw new Error(`no report from ${order.file}:\n${stderr}`);
  }
  return {
    report,
    stop,
    errorOutput: () => stderr,
    saw: async (text) => {
      while (!stderr.includes(text)) {
        if (child.stderr?.readableEnded !== false) throw new Error(`no "${text}" in:\n${stderr}`);
        await Promise.race([once(child.stderr, 'data'), once(child.stderr, 'end')]);
      }
    },
  };
}

/** The application may print lines of its own. */
async function firstReport(child: ChildProcess): Promise<LoadReport | undefined> {
  if (!child.stdout) return undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{"announced"')) return JSON.parse(line) as LoadReport;
  }
  return undefined;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
