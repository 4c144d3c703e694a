import { err, messageOf, ok, type Result } from '../../shared/result.js';
import type { DecodedInstance, DecodedWorker } from '../../shared/stats.js';
import { StatsError } from '../../shared/stats-error.js';
import { sanitize } from '../model/sanitize.js';
import type { Clock } from './clock.js';
import type { StatsConnection } from './connection.js';

/** Milliseconds: a worker has three seconds to answer its master. */
const ANSWER_MS = 10_000;

/** What was asked for; `worker` null for all of them. */
export interface TracebackOptions {
  readonly worker: number | null;
  readonly clock: Clock;
}

/**
 * Asks for what one worker is doing, or all of them in turn, and closes the connection. Gives the
 * text to print, a paragraph for each worker; where one could not be asked, the reason stands in its
 * place. The error is one sentence: nobody could be asked at all, or the one that was named.
 */
export async function fetchTracebacks(
  connection: StatsConnection,
  { worker, clock }: TracebackOptions,
): Promise<Result<string, string>> {
  try {
    const instance = await firstInstance(connection);
    if (instance === null)
      return err(
        'what answers has no workers: give the address of the stats server that lists them',
      );
    const wanted = chosen(instance, worker);
    if (!wanted.ok) return wanted;
    const told: string[] = [];
    for (const each of wanted.value) {
      const answer = await ask(connection, each, clock);
      if (!answer.ok && (worker !== null || !answer.error.sent)) return err(answer.error.message);
      told.push(legible(answer.ok ? answer.value : answer.error.message));
    }
    return ok(told.map((text) => `${text}\n`).join('\n'));
  } catch (error) {
    if (error instanceof StatsError) return err(error.message);
    throw error;
  } finally {
    connection.close();
  }
}

async function firstInstance(connection: StatsConnection): Promise<DecodedInstance | null> {
  for await (const { instance } of connection) return instance;
  return null;
}

function chosen(instance: DecodedInstance, id: number | null): Result<DecodedWorker[], string> {
  const alive = instance.workers.filter(({ pid }) => pid !== 0);
  if (id === null) return alive.length > 0 ? ok(alive) : err('no worker has a process now');
  const worker = instance.workers.find((candidate) => candidate.id === id);
  if (worker === undefined) return err(`there is no worker ${id}`);
  return worker.pid === 0 ? err(`worker ${id} has no process now`) : ok([worker]);
}

/** Why there is no traceback; a command that was never sent will not be for the others either. */
interface Silence {
  readonly sent: boolean;
  readonly message: string;
}

async function ask(
  connection: StatsConnection,
  { id, pid, last_spawn: spawned = 0 }: DecodedWorker,
  clock: Clock,
): Promise<Result<string, Silence>> {
  const command = { name: 'traceback', worker: id, pid, spawned } as const;
  try {
    const { outcome } = await connection.command(command);
    const known = await within(clock, ANSWER_MS, outcome);
    if (known === null) {
      return err({ sent: true, message: `worker ${id} (pid ${pid}): the server did not answer` });
    }
    return known.ok ? ok(known.message) : err({ sent: true, message: known.message });
  } catch (error) {
    const sent = error instanceof StatsError && error.refusal !== null;
    return err({ sent, message: messageOf(error) });
  }
}

/** What a promise settles with, or null after so many milliseconds. */
async function within<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T | null> {
  let cancel = (): void => undefined;
  const limit = new Promise<null>((resolve) => {
    cancel = clock.after(ms, () => {
      resolve(null);
    });
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    cancel();
  }
}

function legible(text: string): string {
  return text
    .split('\n')
    .map((line) => sanitize(line))
    .join('\n');
}
