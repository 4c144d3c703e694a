import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../log.js';
import type { PushTarget } from '../options/stats-push.js';
import { filePusher } from './file-pusher.js';
import type { Pusher, PushSource } from './pusher.js';
import { statsdPusher } from './statsd-pusher.js';

export interface Pushers {
  /** Pushes what was counted last, within a second, and ends. */
  close(): Promise<void>;
}

/** How long the end of the master waits for the last push. */
const LAST_PUSH_MS = 1000;

/** Starts a timer for each target of `--stats-push`. A push that takes longer than it is skipped. */
export function startPushers(
  targets: readonly PushTarget[],
  intervalS: number,
  source: PushSource,
  log: Log,
): Pushers {
  const running = targets.map((target) =>
    every(create(target, log), intervalOf(target) ?? intervalS, source),
  );
  return {
    async close() {
      await Promise.all(running.map((end) => end()));
    },
  };
}

function create(target: PushTarget, log: Log): Pusher {
  return target.kind === 'statsd' ? statsdPusher(target, log) : filePusher(target, log);
}

function intervalOf(target: PushTarget): number | undefined {
  return target.kind === 'file' ? target.interval : undefined;
}

/** Pushes again and again, never two at once; gives what ends it. */
function every(pusher: Pusher, intervalS: number, source: PushSource): () => Promise<void> {
  let underWay: Promise<void> | null = null;
  const push = (): void => {
    underWay ??= pusher.push(source).finally(() => {
      underWay = null;
    });
  };
  const timer = setInterval(push, intervalS * 1000);
  const finish = async (): Promise<void> => {
    await underWay;
    await pusher.push(source);
  };
  return async () => {
    clearInterval(timer);
    const limit = new AbortController();
    await Promise.race([
      finish(),
      pause(LAST_PUSH_MS, undefined, { signal: limit.signal }).catch(() => undefined),
    ]);
    limit.abort();
    pusher.close();
  };
}
