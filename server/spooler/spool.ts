import type { Queue, TaskOrder } from '../queue/contract.js';
import { openQueue } from '../queue/open.js';
import { placeOf } from '../queue/place.js';
import { queuesOf } from '../queue/queues-variable.js';
import type { SpoolOptions } from './spool-options.js';
import { orderOf } from './spool-order.js';

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
  const queue = await queueAt(placeNamed(options.queue));
  return queue.put(order);
}

function placeNamed(named: string | undefined): string {
  if (named !== undefined) return placeOf(named, process.cwd());
  const [first] = queuesOf(process.env);
  if (first !== undefined) return first;
  throw new Error(
    'spool(): there is no queue here: run tsuwsgi with --spooler DIR, or name one: spool(name, payload, { queue: DIR })',
  );
}

function queueAt(place: string): Promise<Queue> {
  const known = open.get(place);
  if (known !== undefined) return known;
  // Order is a matter of who claims.
  const opened = openQueue(place, { ordered: false });
  open.set(place, opened);
  // One that could not be opened is tried anew by the next call.
  opened.catch(() => open.delete(place));
  return opened;
}
