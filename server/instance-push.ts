import type { Log } from './log.js';
import type { Master } from './master/master.js';
import { pushTargets } from './options/stats-push.js';
import type { Options } from './options/table.js';
import type { PushSource } from './push/pusher.js';
import { type Pushers, startPushers } from './push/start.js';

/** What a master is to the stats that it sends: of two, one sends. */
export type Role = ReturnType<PushSource['role']>;

/** Sends the stats of an instance to what `--stats-push` names. */
export function startInstancePushers(
  options: Options,
  { snapshots }: Master,
  role: () => Role,
  log: Log,
): Pushers {
  const source = {
    document: () => snapshots.document(),
    own: () => snapshots.own(),
    role,
  };
  const targets = pushTargets(options['stats-push']);
  return startPushers(targets, options['stats-push-interval'], source, log);
}
