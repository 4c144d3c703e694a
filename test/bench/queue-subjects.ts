import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Queue, TaskOrder } from '../../server/queue/contract.js';
import { openQueue } from '../../server/queue/open.js';
import { freePort } from '../support/real-uwsgi.js';
import { SERVER_LAUNCHER } from './pin.js';
import { application, tsuwsgi } from './subjects.js';

/** A queue under measurement. */
export interface QueueSubject {
  /** Puts in so many tasks that do nothing, `atOnce` at a time; how many a second that were. */
  spool(count: number, atOnce: number): Promise<number>;
  /** Runs those that were put in, `atOnce` at a time in one process; how many a second that were. */
  run(count: number, atOnce: number): Promise<number>;
  close(): Promise<void>;
}

/** Where a queue is made: on the disk that has the temporary files, or in memory. */
export const PLACES = { disk: tmpdir(), tmpfs: '/dev/shm' } as const;

/** What a task that does nothing is ordered with. */
export function nothing(payload: unknown): TaskOrder {
  return {
    name: 'nothing',
    payload: JSON.stringify(payload),
    ...{ body: null, at: null, priority: 5, retries: 3, backoff: 1000 },
    ...{ timeout: null, dedupeKey: null },
  };
}

/** Does something `count` times, `atOnce` at a time; how often a second that was. */
export async function rateOf(
  count: number,
  atOnce: number,
  act: () => Promise<unknown>,
): Promise<number> {
  let left = count;
  const start = performance.now();
  const one = async (): Promise<void> => {
    while (left-- > 0) await act();
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return (count / (performance.now() - start)) * 1000;
}

/** Waits for the milliseconds that the last task writes down; how many a second that were. */
export async function resultOf(file: string, count: number): Promise<number> {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
  return (count / Number(readFileSync(file, 'utf8'))) * 1000;
}

/** What a subject keeps: a folder of its own, in which the last task writes its result. */
function makeRoom(place: string): { folder: string; result: string } {
  const folder = mkdtempSync(path.join(place, 'tsuwsgi-bench-'));
  return { folder, result: path.join(folder, 'result') };
}

/** Tsuwsgi's queue in a folder, and its spooler. */
export async function folderQueue(place: keyof typeof PLACES): Promise<QueueSubject> {
  const { folder, result } = makeRoom(PLACES[place]);
  const at = path.join(folder, 'queue');
  const queue = await openQueue(at, { ordered: false });
  return {
    ...ours(queue, at, result),
    async close() {
      await queue.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What measures a queue of ours, wherever it is. */
export function ours(queue: Queue, at: string, result: string): Omit<QueueSubject, 'close'> {
  return {
    spool: (count, atOnce) =>
      rateOf(count, atOnce, () => queue.put(nothing({ of: count, result }))),
    async run(count, atOnce) {
      const server = await tsuwsgi(
        ...['--spooler', at, '--spooler-import', application('nothing.js')],
        ...['--spooler-concurrency', String(atOnce)],
      );
      const rate = await resultOf(result, count);
      rmSync(result);
      await server.stop();
      return rate;
    },
  };
}

/** UWSGI's spooler with Python: it makes nothing durable, and runs one task at a time. */
export function uwsgiQueue(place: keyof typeof PLACES): QueueSubject {
  const { folder, result } = makeRoom(PLACES[place]);
  const spool = path.join(folder, 'spool');
  mkdirSync(spool);
  return {
    async spool(count) {
      const { port, stop } = await startUwsgi(['--spooler-external', spool]);
      const answer = await fetch(`http://127.0.0.1:${port}/?of=${count}&result=${result}`);
      const ms = Number(await answer.text());
      await stop();
      return (count / ms) * 1000;
    },
    async run(count) {
      const { stop } = await startUwsgi(['--spooler', spool, '--spooler-quiet']);
      const rate = await resultOf(result, count);
      rmSync(result);
      await stop();
      return rate;
    },
    close() {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

async function startUwsgi(options: readonly string[]) {
  const port = await freePort();
  const [command = '', ...words] = [
    ...SERVER_LAUNCHER,
    ...['uwsgi', '--plugin', 'python3', '--master', '-p', '1', '-L', '--die-on-term'],
    ...['--http-socket', `127.0.0.1:${port}`, '--wsgi-file', application('spool.py'), ...options],
  ];
  const child: ChildProcess = spawn(command, words, { stdio: 'ignore' });
  const closed = once(child, 'close');
  const isUp = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/?of=0&result=`).then(
      () => true,
      () => false,
    );
  while (!(await isUp())) await new Promise((resolve) => setTimeout(resolve, 20));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await closed;
  };
  return { port, stop };
}
