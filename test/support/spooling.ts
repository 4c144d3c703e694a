import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { SpoolOptions } from '../../server/spooler/spool-options.js';
import { spool, type Spooled } from '../../server/spooler/spool.js';
import type { SpoolerStats, StatsDocument } from '../../shared/stats.js';
import { eventually } from './eventually.js';
import { APPS, startServer, type TestServer } from './server.js';

const TASKS = path.join(APPS, 'tasks.mjs');

/** A server with a queue, whose tasks (test/fixtures/apps/tasks.mjs) note what they do in a file. */
export class Spooling {
  readonly server: TestServer;
  readonly queue: string;
  readonly #notes: string;

  constructor(server: TestServer, folder: string, queue: string) {
    this.server = server;
    this.queue = queue;
    this.#notes = path.join(folder, 'notes');
  }

  /** Spools a task as another program would. */
  spool(name: string, payload: object = {}, options: SpoolOptions = {}): Promise<Spooled> {
    return spool(name, this.payload(payload), { queue: this.queue, ...options });
  }

  /** What a task is given, with the file that it notes in. */
  payload(payload: object = {}): object {
    return { file: this.#notes, ...payload };
  }

  /** Lets the tasks go that hold. */
  letGo(): void {
    writeFileSync(`${this.#notes}.go`, '');
  }

  /** What the tasks have noted: `began what attempt`. */
  notes(): string[] {
    if (!existsSync(this.#notes)) return [];
    return readFileSync(this.#notes, 'utf8').trim().split('\n');
  }

  /** Waits until the tasks have noted this, and returns all that they have. */
  noted(...wanted: readonly string[]): Promise<string[]> {
    return eventually(`${wanted.join(', ')} in ${this.#notes}`, () => {
      const notes = this.notes();
      if (wanted.every((note) => notes.includes(note))) return notes;
      throw new Error(`${notes.join(', ')}\n${this.server.output.slice(-3000)}`);
    });
  }

  /** Spools as an application does in a worker. */
  async spoolInside(name: string, payload: object = {}): Promise<void> {
    // Before a first worker listens, connections are refused.
    await this.server.ready();
    const body = JSON.stringify([name, this.payload(payload)]);
    const response = await fetch(await this.server.url(), { method: 'POST', body });
    assert.equal(response.status, 200, await response.text());
  }

  /** Waits until the first spooler is so. */
  async until(what: string, condition: (spooler: SpoolerStats) => boolean): Promise<SpoolerStats> {
    const stats = await this.server.until(what, ({ spoolers: [first] }) =>
      first === undefined ? false : condition(first),
    );
    return firstSpooler(stats);
  }

  /** The process that works now. */
  async pid(): Promise<number> {
    return (await this.until('a spooler', ({ state }) => state === 'ready')).pid;
  }
}

function firstSpooler({ spoolers }: StatsDocument): SpoolerStats {
  const [first] = spoolers;
  if (first === undefined) throw new Error('there is no spooler');
  return first;
}

/** Starts a server with a queue in a temporary folder, unless it is said where. */
export function startSpooling(
  t: TestContext,
  args: readonly string[] = [],
  { module = TASKS, app = path.join(APPS, 'spools.mjs'), queue = '', env = {} } = {},
): Spooling {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-queue-'));
  const place = queue === '' ? path.join(folder, 'queue') : queue;
  const own = ['--spooler', place, '--spooler-import', module];
  const server = startServer(t, ['--module', app, ...own, ...args], { env });
  // After the server has ended.
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return new Spooling(server, folder, place);
}
