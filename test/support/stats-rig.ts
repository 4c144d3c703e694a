import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { CommandResult, MasterCommand, Requester } from '../../server/control/requester.js';
import { startStatsServer } from '../../server/stats/stats-server.js';
import type { StatsServer, StatsServerOptions } from '../../server/stats/stats-server.js';
import type { StatsDocument } from '../../shared/stats.js';
import { smallDocument } from './small-document.js';

export const BOOT_ID = '0123456789abcdef0123456789abcdef';

/** A stats server of its own for one test, closed with it. */
export interface StatsRig {
  readonly server: StatsServer;
  /** The first address, which is 127.0.0.1 with a free port unless the test says otherwise. */
  readonly address: string;
  readonly port: number;
  readonly folder: string;
  readonly keys: string;
  readonly log: string[];
  readonly executed: { readonly command: MasterCommand; readonly by: Requester }[];
  /** Replaces the document. */
  show(document: StatsDocument): void;
  document(): StatsDocument;
  /** From now on the instance is one that was told to end. */
  stop(): void;
  /** What `execute` answers from now on. */
  answer(result: CommandResult): void;
}

export async function startRig(
  t: TestContext,
  options: Partial<StatsServerOptions> | ((folder: string) => Partial<StatsServerOptions>) = {},
): Promise<StatsRig> {
  const folder = temporaryFolder(t);
  const state = {
    document: smallDocument(2),
    stopping: false,
    answer: { accepted: true, code: 'accepted', message: 'It will be done.' } as CommandResult,
  };
  const log: string[] = [];
  const executed: { command: MasterCommand; by: Requester }[] = [];
  const keys = join(folder, 'keys');
  const started = await startStatsServer({
    addresses: ['127.0.0.1:0'],
    // Long enough for a client that speaks on the slowest machine; `converse` without words ends
    // it at once, and a test of silence sets a short one.
    waitMs: 60_000,
    http: false,
    readOnly: false,
    allowHosts: [],
    bootId: BOOT_ID,
    version: '9.9.9',
    document: () => state.document,
    isStopping: () => state.stopping,
    execute: (command, by) => {
      executed.push({ command, by });
      return state.answer;
    },
    runtimeDirectory: keys,
    log: (line) => log.push(line),
    ...(typeof options === 'function' ? options(folder) : options),
  });
  assert.ok(started.ok, started.ok ? '' : started.error);
  const server = started.value;
  t.after(() => server.close());
  const address = server.addresses[0] ?? '';
  return {
    server,
    address,
    port: Number(address.split(':').at(-1)),
    folder,
    keys,
    log,
    executed,
    show: (document) => (state.document = document),
    document: () => state.document,
    stop: () => void (state.stopping = true),
    answer: (result) => (state.answer = result),
  };
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsuwsgi-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A connection that is destroyed with the test; resolves when it is open. */
export async function dial(t: TestContext, where: NetConnectOpts): Promise<Socket> {
  const socket = connect(where);
  t.after(() => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject);
  });
  return socket;
}

/** Everything that arrives until the other end closes, however it does. */
export function readAll(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      resolve(Buffer.concat(chunks).toString());
    });
  });
}

/** Connects, says `words` or that it will say nothing, and reads until the end. */
export async function converse(t: TestContext, where: NetConnectOpts, words = ''): Promise<string> {
  const socket = await dial(t, { ...where, allowHalfOpen: true });
  if (words === '') socket.end();
  else socket.write(words);
  return readAll(socket);
}

/** Connects and reads until the end in silence, as uwsgitop and `nc` do. */
export async function listenSilently(t: TestContext, where: NetConnectOpts): Promise<string> {
  return readAll(await dial(t, where));
}

/** Resolves when `condition` holds; one that never does fails the test after 30 s. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, `this never came true: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
