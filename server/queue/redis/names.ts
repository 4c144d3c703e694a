/** The keys of a queue in its Redis; `{}` keeps them together in a cluster. */
export interface Names {
  /** What BullMQ is told: its keys are `PREFIX:NAME:…`. */
  readonly prefix: string;
  readonly queue: string;
  /** The version of what is written there. */
  readonly format: string;
  /** Where BullMQ says that the queue is paused. */
  readonly meta: string;
  /** The channel on which it is told that there may be something to claim. */
  readonly bell: string;
  readonly job: (id: string) => string;
  readonly lock: (id: string) => string;
  /** Where BullMQ keeps a job's log, and removes it with the job: the bytes beside the payload. */
  readonly body: (id: string) => string;
  /** Which task a process put in last under a number of its own. */
  readonly receipt: (owner: string, slot: number) => string;
  /** The task that has a dedupeKey, by its hash. */
  readonly holder: (hash: string) => string;
  /** One of BullMQ's lists. */
  readonly list: (
    name: 'wait' | 'prioritized' | 'active' | 'delayed' | 'failed' | 'stalled',
  ) => string;
}

const PREFIX = 'tsuwsgi';

export function namesOf(queueName: string): Names {
  const queue = `{${queueName}}`;
  const base = `${PREFIX}:${queue}`;
  return {
    prefix: PREFIX,
    queue,
    format: `${base}:format`,
    meta: `${base}:meta`,
    bell: `${base}:bell`,
    job: (id) => `${base}:${id}`,
    lock: (id) => `${base}:${id}:lock`,
    body: (id) => `${base}:${id}:logs`,
    receipt: (owner, slot) => `${base}:receipt:${owner}:${slot}`,
    holder: (hash) => `${base}:de:${hash}`,
    list: (name) => `${base}:${name}`,
  };
}
