import type { Redis } from 'ioredis';
import type { Queue } from '../contract.js';

/** Wakes who watches, in all processes. */
export interface Bell {
  readonly ring: () => Promise<void>;
  /** Wakes this process's watchers at a time, in milliseconds since 1970. */
  readonly ringAt: (due: number) => void;
  readonly watch: Queue['watch'];
  close(): void;
}

export interface BellParts {
  readonly client: Redis;
  readonly channel: string;
  /** What a watcher looks after now and then: tasks of those that died. */
  readonly look: () => Promise<unknown>;
}

/** A timer takes no more. */
const LONGEST_MS = 2 ** 31 - 1;
/** How soon tasks are offered again whose holders have died, or whose locks have run out. */
const LOOK_MS = 1000;

export function createBell({ client, channel, look }: BellParts): Bell {
  const watchers = new Set<{ readonly onChange: () => void }>();
  let ear: Redis | null = null;
  let timer: NodeJS.Timeout | null = null;
  let looking: NodeJS.Timeout | null = null;

  const tell = (): void => {
    for (const { onChange } of watchers) onChange();
  };
  const silence = (): void => {
    ear?.disconnect();
    ear = null;
    if (timer !== null) clearTimeout(timer);
    if (looking !== null) clearInterval(looking);
    timer = looking = null;
  };
  const listen = (): void => {
    looking = setInterval(() => {
      // Who cannot look now looks again, and says so where it is to be said.
      look().catch(() => undefined);
    }, LOOK_MS).unref();
    const heard = (ear = client.duplicate({ autoResubscribe: false }));
    heard.on('error', () => undefined);
    heard.on('message', tell);
    // What was rung while it was away is not known.
    heard.on('ready', () => {
      heard.subscribe(channel).then(tell, () => undefined);
    });
    heard.connect().catch(() => undefined);
  };

  return {
    async ring() {
      // Who does not hear it finds the task when it looks by itself.
      await client.publish(channel, '').catch(() => undefined);
    },
    ringAt(due) {
      if (watchers.size === 0) return;
      if (timer !== null) clearTimeout(timer);
      const wait = Math.max(1, due - Date.now());
      timer = setTimeout(tell, Math.min(LONGEST_MS, wait)).unref();
    },
    watch(onChange) {
      const watcher = { onChange };
      watchers.add(watcher);
      if (ear === null) listen();
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0) silence();
      };
    },
    close() {
      watchers.clear();
      silence();
    },
  };
}
