import type { Redis } from 'ioredis';
import type { Queue } from '../contract.js';
import { createWatchers } from '../watchers.js';

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

/** How soon tasks are offered again whose holders have died, or whose locks have run out. */
const LOOK_MS = 1000;

export function createBell({ client, channel, look }: BellParts): Bell {
  const watchers = createWatchers(Date.now, (tell) => {
    const looking = setInterval(() => {
      // Who cannot look now looks again, and says so where it is to be said.
      look().catch(() => undefined);
    }, LOOK_MS).unref();
    const ear = client.duplicate({ autoResubscribe: false });
    ear.on('error', () => undefined);
    ear.on('message', tell);
    // What was rung while it was away is not known.
    ear.on('ready', () => {
      ear.subscribe(channel).then(tell, () => undefined);
    });
    ear.connect().catch(() => undefined);
    return () => {
      ear.disconnect();
      clearInterval(looking);
    };
  });
  return {
    async ring() {
      // Who does not hear it finds the task when it looks by itself.
      await client.publish(channel, '').catch(() => undefined);
    },
    ringAt: watchers.tellAt,
    watch: watchers.watch,
    close: watchers.close,
  };
}
