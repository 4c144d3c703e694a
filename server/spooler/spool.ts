import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Queue, TaskOrder } from '../queue/contract.js';
import { openQueue } from '../queue/open.js';
import { queuesOf } from '../queue/queues-variable.js';
import { orderOf } from './spool-order.js';

/** How a task is to be run. Times are milliseconds. */
export interface SpoolOptions {
  /** Not before this time. */
  readonly at?: Date | number;
  /** Not before so much time has passed. */
  readonly delay?: number;
  /** From 0, which runs first, to 9; 5 unless it is said. */
  readonly priority?: number;
  /** How often it is run again after a failure; 3 unless it is said. */
  readonly retries?: number;
  /** How long it waits before the first retry, doubled for each further one; 1000 unless it is said. */
  readonly backoff?: number;
  /** How long a run may take; without it as long as it likes. */
  readonly timeout?: number;
  /** While a task with this key waits or runs, no second one is put in. */
  readonly dedupeKey?: string;
  /** Bytes beside the payload, at most 64 MiB. */
  readonly body?: Buffer | Uint8Array | Readable;
  /** The folder of the queue; the first `--spooler` unless it is said. */
  readonly queue?: string;
}

/** What became of `spool()`. */
export interface Spooled {
  readonly id: string;
  /** False where a task with its `dedupeKey` was there already: the id is of that one. */
  readonly isNew: boolean;
}

/** Each queue is opened once. */
const open = new Map<string, Promise<Queue>>();

/**
 * Puts a task into a queue. Settles once it is durable: from then on it is run at least once,
 * whatever dies. Rejects where it could not be written down, and then it never runs.
 */
export async function spool(
  name: string,
  payload: unknown = null,
  options: SpoolOptions = {},
): Promise<Spooled> {
  const order: TaskOrder = orderOf(name, payload, options, Date.now());
  const queue = await queueAt(folderOf(options.queue));
  return queue.put(order);
}

function folderOf(named: string | undefined): string {
  if (named !== undefined) return path.resolve(named);
  const [first] = queuesOf(process.env);
  if (first !== undefined) return first;
  throw new Error(
    'spool(): there is no queue here: run tsuwsgi with --spooler DIR, or name one: spool(name, payload, { queue: DIR })',
  );
}

function queueAt(folder: string): Promise<Queue> {
  const known = open.get(folder);
  if (known !== undefined) return known;
  // Order is a matter of who claims.
  const opened = openQueue(folder, { ordered: false });
  open.set(folder, opened);
  // One that could not be opened is tried anew by the next call.
  opened.catch(() => open.delete(folder));
  return opened;
}
